package org.graft.weights;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One attempt to download a file or the rest of it. Goes through the system's proxy, and follows
 * redirects other than from https to http.
 */
final class HttpDownload {
  private static final long POLL_MILLIS = 100;

  /** Trying again will not help. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private final WeightFetcher.Patience patience;
  private final WeightFetcher.Progress progress;

  HttpDownload(WeightFetcher.Patience patience, WeightFetcher.Progress progress) {
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Downloads into {@code part}, after the bytes that are there if the server takes up downloads,
   * else from the start. After an {@link IOException} the part holds what came.
   *
   * @param limit more bytes are refused
   */
  void run(URI uri, Path part, long limit) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(patience.stall()).header("User-Agent", "graft");
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    try (DownloadSink sink = new DownloadSink(part, limit, progress)) {
      HttpResponse<Void> response = await(send(request.build(), have, sink), sink);
      finish(response, have, part, sink);
    }
  }

  private CompletableFuture<HttpResponse<Void>> send(
      HttpRequest request, long have, DownloadSink sink) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.connect())
            .build();
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
