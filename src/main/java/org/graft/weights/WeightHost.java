package org.graft.weights;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Where weights are asked for first: the mirror, or else Hugging Face.
 *
 * @param place {@code https://}, {@code http://} or {@code file:///}
 */
public record WeightHost(URI place) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * @param environment usually {@link System#getenv()}
   */
  public static WeightHost first(Downloads downloads, Map<String, String> environment) {
    String mirror = downloads.mirror();
    return new WeightHost(
        URI.create(mirror.isEmpty() ? HuggingFace.endpoint(environment) : mirror));
  }

  /** Whether it is a folder. */
  public boolean isLocal() {
    return place.getScheme().equals("file");
  }

  /**
   * Asks it for nothing, through the proxy that a download would go through.
   *
   * @throws IOException that says why not, where there is no answer of any kind
   */
  public void greet(Map<String, String> environment) throws IOException {
    if (isLocal()) {
      if (!Files.isDirectory(Path.of(place))) {
        throw new IOException("there is no such folder");
      }
      return;
    }
    HttpClient client =
        HttpClient.newBuilder()
            .proxy(new EnvironmentProxies(environment, ProxySelector.getDefault()))
            .connectTimeout(PATIENCE)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(place)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .timeout(PATIENCE)
            .header("User-Agent", "graft")
            .build();
    try {
      client.send(request, BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (IOException e) {
      throw new IOException(WeightFetcher.reason(e), e);
    }
  }
}
