package org.graft.weights;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.common.UserError;

/**
 * Reads the part of Python's pickle format that {@code torch.save} writes for a state dict. It runs
 * nothing: a global is looked up in a closed list, and whatever is not on it is refused by name.
 * Python's list and tuple become {@link List}, dict becomes {@link Map}, int {@link Long}.
 *
 * <p>Opcodes: Python's {@code pickletools}; the choice is that of torch's own {@code
 * _weights_only_unpickler}.
 */
final class Unpickler {
  /** A state dict takes about fifty opcodes a tensor. */
  private static final int MOST_OPCODES = 4_000_000;

  /** What a pickle may name and call. */
  interface Globals {
    /** The object or {@link Function} of that name. */
    Object global(String module, String name);

    /** The storage that a persistent id stands for. */
    Object persistent(Object id);
  }

  /** A callable global. */
  interface Function {
    Object call(List<?> arguments);
  }

  private final TensorFile file;
  private final PickleInput in;
  private final Globals globals;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Unpickler(TensorFile file, PickleInput in, Globals globals) {
    this.file = file;
    this.in = in;
    this.globals = globals;
  }

  /** Reads one pickle and leaves {@code in} behind it. */
  static Object read(TensorFile file, PickleInput in, Globals globals) throws IOException {
    return new Unpickler(file, in, globals).run();
  }

  private Object run() throws IOException {
    for (int opcodes = 0; opcodes < MOST_OPCODES; opcodes++) {
      int opcode = in.u8();
      if (opcode == '.') {
        return pop();
      }
      if (!constant(opcode) && !container(opcode) && !memo(opcode) && !object(opcode)) {
        throw refused("the pickle opcode 0x%02x ('%c')".formatted(opcode, opcode));
      }
    }
    throw file.damaged("its pickle has more than %d opcodes", MOST_OPCODES);
  }

  private boolean constant(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> protocol(in.u8());
      case 'N' -> stack.add(null);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'J' -> stack.add((long) in.i32());
      case 'K' -> stack.add((long) in.u8());
      case 'M' -> stack.add((long) in.u16());
      case 0x8a -> stack.add(in.integer(in.u8()));
      case 'G' -> stack.add(in.bigEndianDouble());
      case 'X', 'T' -> stack.add(in.utf8(in.i32()));
      case 'U' -> stack.add(in.utf8(in.u8()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void protocol(int version) {
    if (version > 2) {
      throw refused("pickle protocol " + version);
    }
  }

  private boolean container(int opcode) {
    switch (opcode) {
      case '(' -> marks.add(stack.size());
      case ')' -> stack.add(List.of());
      case ']' -> stack.add(new ArrayList<>());
      case '}' -> stack.add(new LinkedHashMap<>());
      case 't' -> stack.add(popMarked());
      case 0x85 -> stack.add(pop(1));
      case 0x86 -> stack.add(pop(2));
      case 0x87 -> stack.add(pop(3));
      case 'a' -> append(pop(1));
      case 'e' -> append(popMarked());
      case 's' -> putAll(pop(2));
      case 'u' -> putAll(popMarked());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memo(int opcode) throws IOException {
    switch (opcode) {
      case 'q' -> memo.put(in.u8(), top());
      case 'r' -> memo.put(in.i32(), top());
      case 'h' -> stack.add(recall(in.u8()));
      case 'j' -> stack.add(recall(in.i32()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean object(int opcode) throws IOException {
    switch (opcode) {
      case 'c' -> stack.add(globals.global(in.line(), in.line()));
      case 'Q' -> stack.add(globals.persistent(pop()));
      case 'R' -> stack.add(call(pop(2)));
      case 'b' -> build(pop());
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object call(List<Object> functionAndArguments) {
    if (functionAndArguments.get(0) instanceof Function function
        && functionAndArguments.get(1) instanceof List<?> arguments) {
      return function.call(arguments);
    }
    throw broken("calls what cannot be called");
  }

  /** An OrderedDict's attributes ({@code _metadata}, versions of modules) say nothing to us. */
  private void build(Object state) {
    if (!(top() instanceof Map) || !(state instanceof Map)) {
      throw broken("sets attributes of something that is no dict");
    }
  }

  @SuppressWarnings("unchecked")
  private void append(List<Object> items) {
    if (!(top() instanceof ArrayList)) {
      throw broken("appends to something that is no list");
    }
    ((List<Object>) top()).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private void putAll(List<Object> items) {
    if (!(top() instanceof Map) || items.size() % 2 != 0) {
      throw broken("sets items of something that is no dict");
    }
    for (int i = 0; i < items.size(); i += 2) {
      if (!(items.get(i) instanceof String || items.get(i) instanceof Long)) {
        throw refused("a dict with keys that are neither str nor int");
      }
      ((Map<Object, Object>) top()).put(items.get(i), items.get(i + 1));
    }
  }

  private Object recall(int key) {
    if (!memo.containsKey(key)) {
      throw broken("recalls what it never stored");
    }
    return memo.get(key);
  }

  private List<Object> popMarked() {
    if (marks.isEmpty()) {
      throw broken("lacks a mark");
    }
    int mark = marks.remove(marks.size() - 1);
    return pop(stack.size() - mark);
  }

  private List<Object> pop(int count) {
    int from = stack.size() - count;
    if (count < 0 || from < (marks.isEmpty() ? 0 : marks.get(marks.size() - 1))) {
      throw broken("takes more from its stack than there is");
    }
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }

  private Object pop() {
    return pop(1).get(0);
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw broken("takes more from its stack than there is");
    }
    return stack.get(stack.size() - 1);
  }

  private UserError broken(String what) {
    return file.damaged("its pickle %s (near byte %d)", what, in.position());
  }

  private UserError refused(String what) {
    return TorchGlobals.refused(file, what);
  }
}
