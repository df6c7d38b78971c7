import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import javax.sql.DataSource;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/**
 * Measures pools of Java for `make bench-peers`: nanoseconds per lease and release, as wall time over all workers, the median of nine runs.
 *
 * Prints the row of the table, the library, and the time, separated by tabs.
 */
public class PoolPeers {
    private static final int RUNS = 9;
    private static final int WARM_UP = 4;

    private interface Lease {
        void once() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        for (int workers : new int[] {1, 8, 64}) {
            hikari(workers);
            commons(workers);
        }
        System.exit(0);
    }

    private static void hikari(int workers) throws Exception {
        HikariConfig configuration = new HikariConfig();
        configuration.setDataSource((DataSource) stub(DataSource.class));
        configuration.setMaximumPoolSize(workers);
        configuration.setMinimumIdle(workers);
        try (HikariDataSource source = new HikariDataSource(configuration)) {
            measure("HikariCP", workers, 400_000, () -> source.getConnection().close());
        }
    }

    private static void commons(int workers) throws Exception {
        GenericObjectPoolConfig<Object> configuration = new GenericObjectPoolConfig<>();
        configuration.setMaxTotal(workers);
        configuration.setMaxIdle(workers);
        BasePooledObjectFactory<Object> factory = new BasePooledObjectFactory<>() {
            @Override
            public Object create() {
                return new Object();
            }

            @Override
            public PooledObject<Object> wrap(Object object) {
                return new DefaultPooledObject<>(object);
            }
        };
        try (GenericObjectPool<Object> pool = new GenericObjectPool<>(factory, configuration)) {
            measure("commons-pool2", workers, 200_000, () -> pool.returnObject(pool.borrowObject()));
        }
    }

    private static void measure(String library, int workers, long total, Lease lease) throws Exception {
        for (int run = 0; run < WARM_UP; run++) time(workers, total, lease);
        double[] times = new double[RUNS];
        for (int run = 0; run < RUNS; run++) times[run] = time(workers, total, lease);
        Arrays.sort(times);
        System.out.printf("lease and release, %d at a time\t%s\t%.0f%n", workers, library, times[RUNS / 2]);
    }

    /** The time of a lease, with all workers at once. */
    private static double time(int workers, long total, Lease lease) throws Exception {
        long each = total / workers;
        CyclicBarrier gate = new CyclicBarrier(workers + 1);
        CountDownLatch done = new CountDownLatch(workers);
        for (int worker = 0; worker < workers; worker++) {
            Thread thread = new Thread(() -> {
                try {
                    gate.await();
                    for (long count = 0; count < each; count++) lease.once();
                } catch (Exception error) {
                    error.printStackTrace();
                }
                done.countDown();
            });
            thread.setDaemon(true);
            thread.start();
        }
        while (gate.getNumberWaiting() < workers) Thread.sleep(1);
        long began = System.nanoTime();
        gate.await();
        done.await();
        return (System.nanoTime() - began) / (double) (each * workers);
    }

    /** An object of JDBC that does nothing. */
    private static Object stub(Class<?> type) {
        return Proxy.newProxyInstance(PoolPeers.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "isValid":
                case "getAutoCommit":
                    return true;
                case "getConnection":
                    return stub(Connection.class);
                case "createStatement":
                    return stub(Statement.class);
                case "hashCode":
                    return System.identityHashCode(proxy);
                case "equals":
                    return proxy == arguments[0];
                case "toString":
                    return "stub";
                default:
                    Class<?> result = method.getReturnType();
                    if (result == boolean.class) return false;
                    if (result == int.class) return 0;
                    return result == long.class ? (Object) 0L : null;
            }
        });
    }
}
