package org.graft.ml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The first few pictures of some classes of the quickstart, a folder a class. */
final class QuickstartPictures {
  static final String BACKBONE = "mobilenetv2.coco";
  static final List<String> CLASSES = List.of("bugs", "fruit", "road-signs");

  private QuickstartPictures() {}

  static void copy(Path to, int perClass) throws IOException {
    for (String name : CLASSES) {
      Path folder = Files.createDirectories(to.resolve(name));
      try (Stream<Path> files = Files.list(Path.of("conf/quickstart/pictures").resolve(name))) {
        for (Path file : files.sorted().limit(perClass).toList()) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    }
  }
}
