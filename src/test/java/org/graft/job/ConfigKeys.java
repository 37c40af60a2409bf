package org.graft.job;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All keys that a configuration may have, each with its path: {@code train.checkpoint.rounds}. */
final class ConfigKeys {
  /** Every form of configuration. */
  static final List<Class<?>> TYPES = List.of(JobConfig.class, ScoreConfig.class, PackConfig.class);

  private ConfigKeys() {}

  /** Of all forms: blocks and leaves. */
  static Set<String> all() {
    Set<String> keys = new TreeSet<>();
    TYPES.forEach(type -> add(keys, type, ""));
    return keys;
  }

  private static void add(Set<String> keys, Class<?> type, String path) {
    if (type.isSealed()) {
      keys.add(path + "kind");
      for (Class<?> kind : type.getPermittedSubclasses()) {
        add(keys, kind, path);
      }
      return;
    }
    for (RecordComponent key : type.getRecordComponents()) {
      keys.add(path + key.getName());
      if (key.getType().isRecord() || key.getType().isSealed()) {
        add(keys, key.getType(), path + key.getName() + ".");
      }
    }
  }
}
