package org.graft.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.graft.common.ProtoMessage;
import org.graft.common.UserError;
import org.graft.weights.KerasNames.Candidate;

/**
 * A TensorFlow checkpoint, version 1 or 2, in the tensor-bundle format: {@code NAME.index}, a table
 * of where each tensor lies, and {@code NAME.data-00000-of-00001}, .... Names are the variables'
 * full names; version 2 calls variables by their place in the object graph, which says their full
 * names where it knows them. Slots of optimisers are left out. Every tensor's checksum is checked
 * when it is read. Source: {@code tensorflow/core/util/tensor_bundle}.
 */
public final class TfCheckpoint {
  private static final String INDEX = ".index";
  private static final String HEADER = "";
  private static final String OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";
  private static final String SLOT = "/.OPTIMIZER_SLOT/";
  private static final int MOST_SHARDS = 10_000;

  private final TensorFile file;
  private final OpenFiles files;
  private final Map<String, ByteBuffer> table;
  private final TensorFile[] shards;

  private TfCheckpoint(TensorFile file, OpenFiles files) throws IOException {
    this.file = file;
    this.files = files;
    this.table = SortedTable.read(file);
    this.shards = new TensorFile[shardCount(file, table)];
  }

  /**
   * Reads the index and checks every tensor against the data files.
   *
   * @param index the path of {@code NAME.index}
   * @throws UserError if a file is missing or not sound
   */
  public static Tensors open(Path index) throws IOException {
    return OpenFiles.with(files -> new TfCheckpoint(files.open(index), files).read());
  }

  private Tensors read() throws IOException {
    Map<String, BundleEntry> entries = new LinkedHashMap<>();
    table.forEach(
        (key, value) -> {
          if (!key.isEmpty() && key.charAt(0) != 0) { // those are slices of partitioned variables
            entries.put(key, BundleEntry.of(file, value, shards.length));
          }
        });
    Map<String, String> fullNames = fullNames(entries.get(OBJECT_GRAPH));
    Map<Candidate, TensorMap.Entry> tensors = new LinkedHashMap<>();
    Set<Object> met = new HashSet<>();
    for (Map.Entry<String, BundleEntry> entry : entries.entrySet()) {
      String key = entry.getKey();
      String name = fullNames.getOrDefault(key, key);
      Optional<ElementType> type = TfTypes.type(entry.getValue().type());
      // Keras 3 exports every variable twice, under one name
      if (type.isPresent()
          && !key.contains(SLOT)
          && met.add(List.of(name, entry.getValue().contents()))) {
        tensors.put(new Candidate(name, key), tensor(key, entry.getValue(), type.get()));
      }
    }
    return new TensorMap(
        file.path(), KerasNames.unambiguous(tensors, why -> file.damaged("%s", why)), files);
  }

  private TensorMap.Entry tensor(String name, BundleEntry entry, ElementType type)
      throws IOException {
    if (entry.isSliced()) {
      return new Partitioned(file, name, entry.shape());
    }
    StoredTensor stored =
        StoredTensor.of(
            file, name, shard(entry.shard()), type, entry.shape(), entry.offset(), entry.bytes());
    return new Checked(file, name, stored, entry.crc());
  }

  private Map<String, String> fullNames(BundleEntry graph) throws IOException {
    if (graph == null || graph.type() != TfTypes.TEXT) {
      return Map.of();
    }
    return ObjectGraph.fullNames(file, BundleText.read(file, shard(graph.shard()), graph));
  }

  private TensorFile shard(int number) throws IOException {
    if (shards[number] == null) {
      String name = files(file, shards.length).get(number);
      shards[number] = files.open(Companions.beside(file, name));
    }
    return shards[number];
  }

  /** The data files' names. */
  static List<String> files(TensorFile file) throws IOException {
    return files(file, shardCount(file, SortedTable.read(file)));
  }

  private static List<String> files(TensorFile file, int count) {
    String name = file.path().getFileName().toString();
    if (!name.endsWith(INDEX)) {
      throw file.unsupported(
          "the index of a TensorFlow checkpoint must be called NAME" + INDEX, "Rename it.");
    }
    String prefix = name.substring(0, name.length() - INDEX.length());
    return IntStream.range(0, count)
        .mapToObj(i -> "%s.data-%05d-of-%05d".formatted(prefix, i, count))
        .toList();
  }

  private static int shardCount(TensorFile file, Map<String, ByteBuffer> table) {
    if (!table.containsKey(HEADER)) {
      throw file.damaged("its header is missing");
    }
    ProtoMessage header = file.message(table.get(HEADER));
    long count = 0;
    while (header.next()) {
      if (header.field() == 1) {
        count = header.number();
      } else if (header.field() == 2 && header.number() != 0) {
        throw file.unsupported(
            "its byte order is not little-endian", "Write it on a little-endian machine.");
      }
    }
    if (count < 1 || count > MOST_SHARDS) {
      throw file.damaged("it has %d data files (limit: %d)", count, MOST_SHARDS);
    }
    return (int) count;
  }

  private record Checked(TensorFile file, String name, StoredTensor tensor, int crc)
      implements TensorMap.Entry {
    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public float[] read() throws IOException {
      Crc32c sum = new Crc32c();
      float[] values =
          new StoredTensor(
                  new Summed(tensor.run(), sum),
                  tensor.type(),
                  tensor.shape(),
                  tensor.offset(),
                  tensor.count())
              .read();
      if (sum.masked() != crc) {
        throw file.damaged("the checksum of tensor '%s' is wrong", name);
      }
      return values;
    }
  }

  /** Sums what is read, in the order in which it is read. */
  private record Summed(ByteRun run, Crc32c sum) implements ByteRun {
    @Override
    public long size() {
      return run.size();
    }

    @Override
    public ByteBuffer read(long offset, ByteBuffer into) throws IOException {
      ByteBuffer bytes = run.read(offset, into);
      sum.add(bytes);
      return bytes;
    }
  }

  private record Partitioned(TensorFile file, String name, Shape shape) implements TensorMap.Entry {
    @Override
    public float[] read() {
      throw file.unsupported(
          "tensor '" + name + "' is partitioned", "Save it without partitioner.");
    }
  }
}
