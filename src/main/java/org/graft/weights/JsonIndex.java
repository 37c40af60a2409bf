package org.graft.weights;

import java.io.IOException;
import java.util.Map;
import org.graft.common.Json;

/** JSON files that say where tensors lie. */
final class JsonIndex {
  /** TensorFlow.js keeps a whole graph in there; the largest public ones have 3 MB. */
  static final int LONGEST = 16 << 20;

  private JsonIndex() {}

  /**
   * @throws org.graft.common.UserError if it is too long or not an object
   */
  static Map<String, Object> read(TensorFile file) throws IOException {
    if (file.size() > LONGEST) {
      throw file.damaged("as JSON it may not have %d bytes (limit: %d)", file.size(), LONGEST);
    }
    byte[] json = file.bytes(0, (int) file.size()).array();
    return Json.readMap(json, "weights from " + file.path());
  }

  /** The field, which must be there and of that type. */
  static <T> T field(TensorFile file, Map<?, ?> object, String name, Class<T> type) {
    return as(file, object.get(name), name, type);
  }

  static <T> T as(TensorFile file, Object value, String what, Class<T> type) {
    if (!type.isInstance(value)) {
      throw file.damaged("its '%s' is not as the format says: %s", what, value);
    }
    return type.cast(value);
  }
}
