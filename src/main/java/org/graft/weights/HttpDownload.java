package org.graft.weights;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One attempt to download a file or the rest of it. Goes through the JVM's or the environment's
 * proxy, and follows redirects other than from https to http; what lets the user in is told to the
 * server that it is for, and not to those that it redirects to.
 */
final class HttpDownload {
  private static final long POLL_MILLIS = 100;
  private static final int MOST_REDIRECTS = 10;
  private static final Pattern ANNOUNCED = Pattern.compile("\"([0-9a-f]{64})\"");

  /** Trying again will not help. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private final WeightFetcher.Patience patience;
  private final WeightFetcher.Progress progress;
  private final Map<String, String> environment;
  private final HttpClient client;

  HttpDownload(
      WeightFetcher.Patience patience,
      WeightFetcher.Progress progress,
      Map<String, String> environment) {
    this.patience = patience;
    this.progress = progress;
    this.environment = environment;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new EnvironmentProxies(environment, ProxySelector.getDefault()))
            .connectTimeout(patience.connect())
            .build();
  }

  /**
   * Downloads into {@code part}, after the bytes that are there if the server takes up downloads,
   * else from the start. After an {@link IOException} the part holds what came.
   *
   * @param limit more bytes are refused
   * @return the SHA-256 that the server says the file has, as Hugging Face does; or null
   */
  String run(URI uri, Path part, long limit) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    try (DownloadSink sink = new DownloadSink(part, limit, progress)) {
      URI at = uri;
      HttpResponse<Void> response = await(send(request(at, have), have, sink), sink);
      Matcher announced =
          ANNOUNCED.matcher(response.headers().firstValue("X-Linked-Etag").orElse(""));
      for (int redirects = 0; isRedirect(response); redirects++) {
        if (redirects == MOST_REDIRECTS) {
          throw new RefusedException("more than " + MOST_REDIRECTS + " redirects");
        }
        at = next(at, response.headers());
        response = await(send(request(at, have), have, sink), sink);
      }
      finish(response, have, part, sink);
      return announced.matches() ? announced.group(1) : null;
    }
  }

  private HttpRequest request(URI uri, long have) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(patience.stall()).header("User-Agent", "graft");
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HuggingFace.authorization(uri, environment)
        .ifPresent(secret -> request.header("Authorization", secret));
    return request.build();
  }

  private static boolean isRedirect(HttpResponse<Void> response) {
    return List.of(301, 302, 303, 307, 308).contains(response.statusCode());
  }

  private static URI next(URI at, HttpHeaders headers) throws RefusedException {
    String location = headers.firstValue("Location").orElse("");
    URI next = at.resolve(location);
    boolean downgrade = "https".equals(at.getScheme()) && !"https".equals(next.getScheme());
    if (location.isEmpty() || downgrade || !String.valueOf(next.getScheme()).matches("https?")) {
      throw new RefusedException(
          "redirected to '%s', which is not followed".formatted(withoutQuery(location)));
    }
    return next;
  }

  /** Queries of storage services hold signatures. */
  private static String withoutQuery(String location) {
    return location.replaceFirst("[?#].*", "");
  }

  private CompletableFuture<HttpResponse<Void>> send(
      HttpRequest request, long have, DownloadSink sink) {
    return client.sendAsync(
        request,
        info -> {
          boolean rest = info.statusCode() == 206 && begins(info.headers(), have);
          if (!rest && info.statusCode() != 200) {
            return BodySubscribers.replacing(null);
          }
          sink.begin(rest ? have : 0, info.headers().firstValueAsLong("Content-Length").orElse(-1));
          return BodySubscribers.ofByteArrayConsumer(bytes -> bytes.ifPresent(sink::write));
        });
  }

  private static boolean begins(HttpHeaders headers, long have) {
    return headers.firstValue("Content-Range").orElse("").startsWith("bytes " + have + "-");
  }

  private HttpResponse<Void> await(
      CompletableFuture<HttpResponse<Void>> response, DownloadSink sink) throws IOException {
    long silentSince = System.nanoTime();
    long written = 0;
    while (true) {
      try {
        return response.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (sink.written() > written) {
          written = sink.written();
          silentSince = System.nanoTime();
        }
        boolean stalled = System.nanoTime() - silentSince > patience.stall().toNanos();
        if (stalled || sink.hasFailed()) {
          response.cancel(true);
          sink.throwFailure();
          throw new HttpTimeoutException("no byte for " + patience.stall().toSeconds() + " s");
        }
      } catch (ExecutionException e) {
        sink.throwFailure();
        throw told(e.getCause());
      } catch (InterruptedException e) {
        response.cancel(true);
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while downloading");
      }
    }
  }

  /** A failed connection tells nothing by itself. */
  private static IOException told(Throwable cause) {
    if (cause instanceof ConnectException) {
      return new IOException("no connection", cause);
    }
    return cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
  }

  private static void finish(HttpResponse<Void> response, long have, Path part, DownloadSink sink)
      throws IOException {
    int status = response.statusCode();
    if (status == 200 || sink.hasBegun()) {
      sink.finish();
    } else if (status == 416 && isWhole(response.headers(), have)) {
      sink.throwFailure();
    } else if (status == 416 || status == 206) {
      Files.deleteIfExists(part);
      throw new IOException("the server cannot take up the download at byte " + have);
    } else if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("HTTP status " + status);
    } else {
      throw new RefusedException("HTTP status " + status);
    }
  }

  /** A range that cannot be satisfied because nothing is missing. */
  private static boolean isWhole(HttpHeaders headers, long have) {
    return headers.firstValue("Content-Range").orElse("").equals("bytes */" + have);
  }
}
