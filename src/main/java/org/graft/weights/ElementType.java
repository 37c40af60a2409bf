package org.graft.weights;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** How one number lies in a file, little-endian; named as in safetensors. */
enum ElementType {
  F64(8) {
    @Override
    float get(ByteBuffer bytes) {
      return (float) bytes.getDouble();
    }
  },
  F32(4) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.getFloat();
    }
  },
  F16(2) {
    @Override
    float get(ByteBuffer bytes) {
      return half(bytes.getShort());
    }
  },
  BF16(2) {
    @Override
    float get(ByteBuffer bytes) {
      return Float.intBitsToFloat(bytes.getShort() << 16);
    }
  },
  I64(8) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.getLong();
    }
  },
  I32(4) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.getInt();
    }
  },
  U32(4) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.getInt() & 0xffffffffL;
    }
  },
  U16(2) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.getShort() & 0xffff;
    }
  },
  I16(2) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.getShort();
    }
  },
  I8(1) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.get();
    }
  },
  U8(1) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.get() & 0xff;
    }
  },
  BOOL(1) {
    @Override
    float get(ByteBuffer bytes) {
      return bytes.get() == 0 ? 0 : 1;
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /** The next number of {@code bytes}, rounded to the nearest float. */
  abstract float get(ByteBuffer bytes);

  boolean isFraction() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /** A whole number cut to this type's bits. */
  long narrow(long value) {
    return switch (this) {
      case I32 -> (int) value;
      case U32 -> value & 0xffffffffL;
      case U16 -> value & 0xffff;
      case I16 -> (short) value;
      case U8 -> value & 0xff;
      case I8 -> (byte) value;
      case BOOL -> value == 0 ? 0 : 1;
      default -> value;
    };
  }

  /** The next {@code count} numbers of {@code bytes}, into {@code values} from {@code from} on. */
  void decode(ByteBuffer bytes, float[] values, int from, int count) {
    if (this == F32) {
      bytes.asFloatBuffer().get(values, from, count);
      return;
    }
    for (int i = from; i < from + count; i++) {
      values[i] = get(bytes);
    }
  }

  static Optional<ElementType> named(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** IEEE 754 binary16; the JDK does this from Java 20 on. */
  private static float half(short bits) {
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      magnitude = Float.intBitsToFloat(0x7f800000 | fraction << 13);
    } else {
      magnitude = Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
