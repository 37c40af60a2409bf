package org.graft.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.graft.common.Digest;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;

class QuickstartPicturesTest {
  private static final Path PICTURES = Path.of("conf", "quickstart", "pictures");

  @Test
  void areManyWholeAndDistinct() throws IOException, RejectedException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(PICTURES)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    assertEquals(640, files.size());
    ImageIoDecoder decoder = new ImageIoDecoder(160 * 160, Alpha.DROP);
    Set<String> digests = new HashSet<>();
    for (Path file : files) {
      byte[] content = Files.readAllBytes(file);
      assertTrue(digests.add(Digest.of(content)), file + " occurs twice");
      assertEquals(160, decoder.decode(content).width(), file.toString());
    }
  }
}
