package org.graft.weights;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The format before torch 1.6, in which torchvision still publishes VGG: the pickles of a magic
 * number, a version, the writer's machine, the state dict and the storages' keys, then for each
 * key, in that order, a 64-bit length and the elements. Source: {@code torch/serialization.py},
 * {@code _legacy_load}.
 */
record TorchLegacyContainer(TensorFile file, Map<String, Located> storages, Object root)
    implements TorchContainer {
  /** The pickle of the magic number 0x1950a86a20f9469cfc6c. */
  private static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private static final long VERSION = 1001;

  /**
   * @param length in elements
   */
  record Located(ElementType type, long offset, long length) {}

  static boolean isLegacy(TensorFile file) throws IOException {
    return file.holds(0, MAGIC.length) && Arrays.equals(file.bytes(0, MAGIC.length).array(), MAGIC);
  }

  static TorchLegacyContainer read(TensorFile file) throws IOException {
    long length = Math.min(file.size() - MAGIC.length, LONGEST_PICKLE);
    PickleInput in = new PickleInput(file, MAGIC.length, length);
    TorchGlobals globals = new TorchGlobals(file);
    if (!Long.valueOf(VERSION).equals(Unpickler.read(file, in, globals))) {
      throw file.damaged("its version is not %d", VERSION);
    }
    checkByteOrder(file, Unpickler.read(file, in, globals));
    Object root = Unpickler.read(file, in, globals);
    Object keys = Unpickler.read(file, in, globals);
    return new TorchLegacyContainer(
        file, locate(file, globals.storages(), keys, in.position()), root);
  }

  private static void checkByteOrder(TensorFile file, Object machine) {
    if (machine instanceof Map<?, ?> fields && Boolean.FALSE.equals(fields.get("little_endian"))) {
      throw file.unsupported(
          "its byte order is not little-endian", "Write it on a little-endian machine.");
    }
  }

  private static Map<String, Located> locate(
      TensorFile file, Map<String, TorchTensor.Storage> storages, Object keys, long start)
      throws IOException {
    if (!(keys instanceof List<?> list)) {
      throw file.damaged("its list of storages is missing");
    }
    Map<String, Located> located = new HashMap<>();
    long at = start;
    for (Object key : list) {
      TorchTensor.Storage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null) {
        throw file.damaged("its list of storages has one that no tensor uses");
      }
      long length = file.bytes(at, Long.BYTES).getLong();
      long offset = at + Long.BYTES;
      if (length != storage.length() || length < 0 || length > file.size() - offset) {
        throw file.damaged("its storage %s has %d elements, not %d", key, length, storage.length());
      }
      located.put(storage.key(), new Located(storage.type(), offset, length));
      at = offset + length * storage.type().bytes();
      if (at > file.size()) {
        throw file.damaged("it ends early (%d bytes, needed %d)", file.size(), at);
      }
    }
    return located;
  }

  @Override
  public long locate(TorchTensor.Storage storage) {
    Located located = storages.get(storage.key());
    if (located == null
        || located.type != storage.type()
        || storage.start() < 0
        || storage.length() < 0
        || storage.start() > located.length - storage.length()) {
      throw file.damaged("its storage '%s' is missing or too short", storage.key());
    }
    return located.offset + storage.start() * storage.type().bytes();
  }
}
