package org.graft.cluster;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;

/**
 * A real S3 server (S3Proxy) in a process of its own, with one bucket, kept in memory: S3Proxy's
 * folders are not an object store, an object there cannot lie below another. For integration tests:
 * its jar is put under {@code target/s3proxy} before them.
 */
public final class S3Server implements AutoCloseable {
  private static final String KEY = "test-key";
  private static final String SECRET = "test-secret";
  private static final String REGION = "us-east-1";

  private final JavaProcess process;
  private final String endpoint;

  private S3Server(JavaProcess process, String endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Returns when it answers. */
  public static S3Server start() throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    Files.createDirectories(target.resolve("cluster"));
    Path folder = Files.createTempDirectory(target.resolve("cluster"), "s3-");
    String endpoint = "http://127.0.0.1:" + JavaProcess.freePort();
    JavaProcess process =
        JavaProcess.start(
            List.of(
                "-Xmx256m",
                "-jar",
                target.resolve("s3proxy/s3proxy.jar").toString(),
                "--properties",
                properties(folder, endpoint).toString()),
            Map.of(),
            folder.resolve("s3proxy.log"));
    try {
      process.await(endpoint, body -> body.contains("<Error>"), Duration.ofMinutes(1));
      createBucket(endpoint);
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
    return new S3Server(process, endpoint);
  }

  private static Path properties(Path folder, String endpoint) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("s3proxy.endpoint", endpoint);
    properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    properties.setProperty("s3proxy.identity", KEY);
    properties.setProperty("s3proxy.credential", SECRET);
    // The store's own, which memory does not ask for and S3Proxy wants.
    properties.setProperty("jclouds.identity", KEY);
    properties.setProperty("jclouds.credential", SECRET);
    properties.setProperty("jclouds.provider", "transient");
    Path file = folder.resolve("s3proxy.properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    return file;
  }

  private static void createBucket(String endpoint) {
    AmazonS3 client =
        AmazonS3ClientBuilder.standard()
            .withEndpointConfiguration(new EndpointConfiguration(endpoint, REGION))
            .withPathStyleAccessEnabled(true)
            .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials(KEY, SECRET)))
            .build();
    client.createBucket(bucket(endpoint));
    client.shutdown();
  }

  /**
   * Each server's own: Hadoop keeps a bucket's file system, with its endpoint, for the JVM's life.
   */
  private static String bucket(String endpoint) {
    return "bucket-" + endpoint.substring(endpoint.lastIndexOf(':') + 1);
  }

  public String endpoint() {
    return endpoint;
  }

  /** {@code s3a://BUCKET/name}. */
  public String path(String name) {
    return "s3a://" + bucket(endpoint) + "/" + name;
  }

  /** Hadoop's settings for it, with keys as Hadoop has them. */
  public Map<String, String> settings() {
    return Map.of(
        "fs.s3a.endpoint", endpoint,
        "fs.s3a.endpoint.region", REGION,
        "fs.s3a.path.style.access", "true",
        "fs.s3a.connection.ssl.enabled", "false",
        "fs.s3a.access.key", KEY,
        "fs.s3a.secret.key", SECRET,
        "fs.s3a.aws.credentials.provider", "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "fs.s3a.attempts.maximum", "2",
        "fs.s3a.retry.limit", "2");
  }

  /** The same for Spark's configuration, with the prefix {@code spark.hadoop.}. */
  public Map<String, String> sparkSettings() {
    Map<String, String> settings = new HashMap<>();
    settings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
    return settings;
  }

  public Configuration configure(Configuration configuration) {
    settings().forEach(configuration::set);
    return configuration;
  }

  @Override
  public void close() {
    process.close();
  }
}
