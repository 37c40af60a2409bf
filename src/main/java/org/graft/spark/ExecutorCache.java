package org.graft.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.graft.backbone.Backbone;
import org.graft.backbone.BackboneCard;
import org.graft.backbone.BackboneLoader;
import org.graft.backbone.BusyTime;
import org.graft.backbone.Device;
import org.graft.backbone.QueuedBackbone;
import org.graft.common.PackedText;
import org.graft.common.UserError;
import org.graft.feature.ExtractionThreads;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;

/**
 * What all tasks of an executor share, the only static state there is: one backbone a spec and
 * device and one tokenizer a vocabulary, loaded by the first task that wants it.
 */
final class ExecutorCache {
  private static final ConcurrentMap<Place, Backbone> BACKBONES = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, Tokenizer> TOKENIZERS = new ConcurrentHashMap<>();
  private static final AtomicInteger LOADS = new AtomicInteger();
  private static volatile Meters meters = new Meters(); // which nobody looks at
  private static final int MOST_VOCABULARY = 64 << 20;
  private static final int LANES = 2; // one batch is copied while the other is computed
  private static final int WAITING = 2; // and the next ones are at hand

  private ExecutorCache() {}

  /** A network, and where it computes. */
  private record Place(BackboneRef ref, Device device) {}

  /** On the processor, or on the card that Spark gave to the running task. */
  static Backbone backbone(BackboneRef ref, BackboneLoader loader) {
    Device device = loader.onCards() ? TaskDevice.card() : Device.CPU;
    return BACKBONES.computeIfAbsent(new Place(ref, device), missing -> load(missing, loader));
  }

  private static Backbone load(Place place, BackboneLoader loader) {
    Backbone loaded = load(place.ref(), loader, place.device());
    if (!place.device().isCuda()) {
      return loaded;
    }
    int card = place.device().ordinal();
    BusyTime busy = new BusyTime(nanos -> meters.onCard(card, nanos));
    return new QueuedBackbone(loaded, LANES, WAITING, busy);
  }

  private static Backbone load(BackboneRef ref, BackboneLoader loader, Device device) {
    String copy = SparkFiles.get(ref.weightsFile());
    try {
      ref.checkEngine(loader.engine());
      LOADS.incrementAndGet();
      return loader.load(ref.spec(Path.of(copy)), device);
    } catch (UserError e) {
      throw new UserError(e.exitCode(), e.getMessage().replace(copy, ref.origin()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot load " + ref.weightsFile(), e);
    }
  }

  /** Of a card that holds its own. */
  static Tokenizer tokenizer(BackboneCard card) {
    String what = "the tokenizer of " + card.name();
    return TOKENIZERS.computeIfAbsent(
        card.tokenizer().packed(),
        packed ->
            TokenizerLibrary.installed()
                .load(PackedText.unpack(packed, MOST_VOCABULARY, what), what));
  }

  /** From now on tasks count there. */
  static void count(Meters there) {
    meters = there;
  }

  /** What tasks count. */
  static Meters meters() {
    return meters;
  }

  /** How many backbones this JVM has loaded so far. */
  static int loads() {
    return LOADS.get();
  }

  /**
   * For the running task, as long as it runs: as many processors as Spark gave to it, and for cards
   * one thread more, since one of them only waits for the card.
   */
  static ExtractionThreads threads(int readers, BackboneLoader loader) {
    TaskContext task = TaskContext.get();
    ExtractionThreads threads =
        new ExtractionThreads(readers, task.cpus() + (loader.onCards() ? 1 : 0));
    TaskCompletionListener stop = context -> threads.close();
    task.addTaskCompletionListener(stop);
    return threads;
  }
}
