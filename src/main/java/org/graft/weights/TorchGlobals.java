package org.graft.weights;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;

/** The closed list of Python names that a state dict needs, and what each gives. */
final class TorchGlobals implements Unpickler.Globals {
  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.DoubleStorage", ElementType.F64,
          "torch.FloatStorage", ElementType.F32,
          "torch.HalfStorage", ElementType.F16,
          "torch.BFloat16Storage", ElementType.BF16,
          "torch.LongStorage", ElementType.I64,
          "torch.IntStorage", ElementType.I32,
          "torch.ShortStorage", ElementType.I16,
          "torch.CharStorage", ElementType.I8,
          "torch.ByteStorage", ElementType.U8,
          "torch.BoolStorage", ElementType.BOOL);

  private final TensorFile file;
  private final Map<String, TorchTensor.Storage> storages = new HashMap<>();
  private final Map<String, Unpickler.Function> functions =
      Map.of(
          "collections.OrderedDict", this::orderedDict,
          "torch.Size", arguments -> arguments.isEmpty() ? List.of() : arguments.get(0),
          "torch._utils._rebuild_tensor", this::tensor,
          "torch._utils._rebuild_tensor_v2", this::tensor,
          "torch._utils._rebuild_parameter", this::parameter,
          "torch.nn.parameter.Parameter", this::parameter);

  TorchGlobals(TensorFile file) {
    this.file = file;
  }

  /** The storages met so far, whole ones, by key. */
  Map<String, TorchTensor.Storage> storages() {
    return storages;
  }

  static UserError refused(TensorFile file, String what) {
    return file.unsupported(
        "its pickle uses " + what + ", which is not part of a plain state dict",
        "If you trust the file, write only its weights: in Python,"
            + " torch.save(model.state_dict(), NEW).");
  }

  @Override
  public Object global(String module, String name) {
    String global = module + "." + name;
    Object known = functions.get(global);
    if (known == null) {
      known = STORAGES.get(global);
    }
    if (known == null) {
      throw refused(file, "the Python global " + global);
    }
    return known;
  }

  /** {@code ('storage', type, key, location, length)}, in old files with a view or None behind. */
  @Override
  public Object persistent(Object id) {
    if (!(id instanceof List<?> fields)
        || fields.size() < 5
        || !"storage".equals(fields.get(0))
        || !(fields.get(1) instanceof ElementType type)
        || !(fields.get(2) instanceof String key)) {
      throw refused(file, "a persistent id that is no storage");
    }
    TorchTensor.Storage whole = new TorchTensor.Storage(type, key, 0, whole(fields.get(4)));
    storages.put(key, whole);
    if (fields.size() > 5 && fields.get(5) instanceof List<?> view && view.size() == 3) {
      return new TorchTensor.Storage(type, key, whole(view.get(1)), whole(view.get(2)));
    }
    return whole;
  }

  private Object orderedDict(List<?> arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    for (Object item : arguments.isEmpty() ? List.of() : list(arguments.get(0))) {
      List<?> pair = list(item);
      if (pair.size() != 2 || !(pair.get(0) instanceof String || pair.get(0) instanceof Long)) {
        throw file.damaged("an OrderedDict in its pickle has something else than pairs");
      }
      dict.put(pair.get(0), pair.get(1));
    }
    return dict;
  }

  /** {@code (storage, offset, shape, strides, ...)}; gradients and hooks do not matter. */
  private Object tensor(List<?> arguments) {
    if (arguments.size() < 4 || !(arguments.get(0) instanceof TorchTensor.Storage storage)) {
      throw file.damaged("a tensor in its pickle has no storage");
    }
    return new TorchTensor(
        storage,
        whole(arguments.get(1)),
        new Shape(wholes(arguments.get(2))),
        wholes(arguments.get(3)));
  }

  private Object parameter(List<?> arguments) {
    if (arguments.isEmpty() || !(arguments.get(0) instanceof TorchTensor tensor)) {
      throw file.damaged("a parameter in its pickle is no tensor");
    }
    return tensor;
  }

  private List<Long> wholes(Object value) {
    return list(value).stream().map(this::whole).toList();
  }

  private List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw file.damaged("its pickle has %s where a tuple was due", kind(value));
  }

  private long whole(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw file.damaged("its pickle has %s where a whole number was due", kind(value));
  }

  private static String kind(Object value) {
    return value == null ? "None" : value.getClass().getSimpleName();
  }
}
