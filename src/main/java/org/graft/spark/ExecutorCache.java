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
import org.graft.common.PackedText;
import org.graft.common.UserError;
import org.graft.feature.ExtractionThreads;
import org.graft.text.Tokenizer;
import org.graft.text.TokenizerLibrary;

/**
 * What all tasks of an executor share, the only static state there is: one backbone a spec and one
 * tokenizer a vocabulary, loaded by the first task that wants it.
 */
final class ExecutorCache {
  private static final ConcurrentMap<BackboneRef, Backbone> BACKBONES = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, Tokenizer> TOKENIZERS = new ConcurrentHashMap<>();
  private static final AtomicInteger LOADS = new AtomicInteger();
  private static volatile Meters meters = new Meters(); // which nobody looks at
  private static final int MOST_VOCABULARY = 64 << 20;

  private ExecutorCache() {}

  static Backbone backbone(BackboneRef ref, BackboneLoader loader) {
    return BACKBONES.computeIfAbsent(ref, missing -> load(missing, loader));
  }

  private static Backbone load(BackboneRef ref, BackboneLoader loader) {
    String copy = SparkFiles.get(ref.weightsFile());
    try {
      ref.checkEngine(loader.engine());
      LOADS.incrementAndGet();
      return loader.load(ref.spec(Path.of(copy)));
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

  /** For the running task, as long as it runs: as many processors as Spark gave to it. */
  static ExtractionThreads threads(int readers) {
    TaskContext task = TaskContext.get();
    ExtractionThreads threads = new ExtractionThreads(readers, task.cpus());
    TaskCompletionListener stop = context -> threads.close();
    task.addTaskCompletionListener(stop);
    return threads;
  }
}
