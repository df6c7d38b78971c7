// The locale in the environment.

#include "Internal.h"

#include <langinfo.h>
#include <locale.h>
#include <strings.h>

#ifdef __APPLE__
#include <xlocale.h>
#endif

bool ct_locale_is_utf8(void) {
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (locale == (locale_t)0) return false;
    locale_t before = uselocale(locale);
    bool is_utf8 = strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0;
    uselocale(before);
    freelocale(locale);
    return is_utf8;
}
