package org.graft.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.graft.cluster.Watch;
import org.graft.common.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueuedBackboneTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final AtomicLong busy = new AtomicLong();
  private final ExecutorService tasks = Executors.newCachedThreadPool();

  @AfterEach
  void endTasks() throws InterruptedException {
    tasks.shutdownNow();
    assertTrue(tasks.awaitTermination(30, TimeUnit.SECONDS));
  }

  /** Adds one, or fails where the input is negative; works only while it is let. */
  private static final class Card implements Backbone {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<Float> seen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch open;
    private volatile boolean closed;

    Card(boolean open) {
      this.open = new CountDownLatch(open ? 0 : 1);
    }

    @Override
    public int width() {
      return 1;
    }

    @Override
    public int inputLength() {
      return 1;
    }

    @Override
    public int batch() {
      return 2;
    }

    @Override
    public float[][] features(float[][] inputs) {
      threads.add(Thread.currentThread());
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      try {
        assertTrue(open.await(20, TimeUnit.SECONDS), "nobody lets it work"); // closing waits for it
        for (float[] input : inputs) {
          seen.add(input[0]);
          if (input[0] == -1) {
            throw new UserError("the card is too small");
          }
          if (input[0] == -2) {
            throw new UnsatisfiedLinkError("no CUDA");
          }
        }
        return new float[][] {{inputs[0][0] + 1}};
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        now.decrementAndGet();
      }
    }

    @Override
    public void close() {
      assertEquals(0, now.get());
      closed = true;
    }
  }

  private QueuedBackbone queue(Card card, int lanes, int waiting) {
    return new QueuedBackbone(card, lanes, waiting, new BusyTime(busy::addAndGet));
  }

  private CompletableFuture<float[][]> handIn(Backbone queue, float value) {
    return CompletableFuture.supplyAsync(() -> queue.features(new float[][] {{value}}), tasks);
  }

  @Test
  void everyTaskGetsTheFeaturesOfItsOwnBatchAndOnlyLanesTouchTheCard() {
    Card card = new Card(true);
    try (QueuedBackbone queue = queue(card, 2, 1)) {
      List<CompletableFuture<float[][]>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(handIn(queue, i));
      }
      for (int i = 0; i < 200; i++) {
        assertArrayEquals(new float[][] {{i + 1}}, answers.get(i).join());
      }
    }
    assertTrue(card.closed);
    assertTrue(card.threads.size() <= 2, card.threads::toString);
    assertTrue(card.most.get() <= 2, () -> card.most + " at once");
    assertTrue(busy.get() > 0);
  }

  @Test
  void noMoreBatchesWaitThanThereArePlacesAndOthersWaitOutside() throws Exception {
    Card card = new Card(false);
    try (QueuedBackbone queue = queue(card, 1, 2)) {
      List<CompletableFuture<float[][]>> answers = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        answers.add(handIn(queue, i));
      }
      Watch.until(() -> queue.outside() == 4, PATIENCE);
      assertEquals(3, queue.handedIn());
      assertEquals(1, card.now.get());
      card.open.countDown();
      answers.forEach(CompletableFuture::join);
      assertEquals(1, card.most.get());
    }
  }

  @Test
  void whatGoesWrongIsToldToWhoHandedItIn() {
    Card card = new Card(true);
    try (QueuedBackbone queue = queue(card, 1, 4)) {
      CompletableFuture<float[][]> before = handIn(queue, 1);
      CompletableFuture<float[][]> wrong = handIn(queue, -1);
      CompletableFuture<float[][]> unlinked = handIn(queue, -2);
      CompletableFuture<float[][]> after = handIn(queue, 2);
      assertEquals(2, before.join()[0][0]);
      assertEquals(3, after.join()[0][0]);
      UserError error =
          assertInstanceOf(
              UserError.class, assertThrows(CompletionException.class, wrong::join).getCause());
      assertEquals("the card is too small", error.getMessage());
      assertInstanceOf(
          UnsatisfiedLinkError.class,
          assertThrows(CompletionException.class, unlinked::join).getCause());
    }
  }

  @Test
  void whoIsInterruptedLeavesTheQueueAndItsPlaceIsFree() throws Exception {
    Card card = new Card(false);
    try (QueuedBackbone queue = queue(card, 1, 1)) {
      CompletableFuture<float[][]> first = handIn(queue, 1);
      Watch.until(() -> card.now.get() == 1, PATIENCE);
      CompletableFuture<Throwable> left = new CompletableFuture<>();
      Thread waiting =
          new Thread(
              () -> {
                try {
                  queue.features(new float[][] {{7}});
                } catch (IllegalStateException e) {
                  left.complete(Thread.currentThread().isInterrupted() ? e : null);
                }
              });
      waiting.start();
      Watch.until(() -> queue.handedIn() == 2, PATIENCE);
      waiting.interrupt();
      assertEquals("interrupted while waiting for the card", left.get().getMessage());
      CompletableFuture<float[][]> next = handIn(queue, 2);
      card.open.countDown();
      assertEquals(2, first.join()[0][0]);
      assertEquals(3, next.join()[0][0]);
      Watch.until(() -> queue.handedIn() == 0, PATIENCE);
      assertEquals(Set.of(1f, 2f), card.seen);
    }
  }

  @Test
  void closingWaitsForWhatIsUnderWayAndRefusesWhatComesLater() throws Exception {
    Card card = new Card(false);
    QueuedBackbone queue = queue(card, 1, 1);
    CompletableFuture<float[][]> last = handIn(queue, 1);
    Watch.until(() -> card.now.get() == 1, PATIENCE);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(queue::close, tasks);
    card.open.countDown();
    closing.join();
    assertTrue(card.closed);
    assertEquals(2, last.join()[0][0]);
    float[][] late = {{1}};
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> queue.features(late));
    assertEquals("the network on the card is closed", refused.getMessage());
    assertEquals(0, queue.handedIn());
    assertSame(1, queue.width());
  }
}
