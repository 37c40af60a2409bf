package org.graft.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.graft.common.UserError;
import org.graft.image.ImageIoDecoder;
import org.graft.image.Preprocessing.Alpha;
import org.graft.sample.RejectedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchPicturesTest {
  @TempDir Path folder;

  @Test
  void picturesCostWhatPhotographsCost() throws IOException {
    byte[] jpeg = BenchPictures.jpeg(500, 375, 1);
    assertEquals("500x375", BenchPictures.size(jpeg));
    double bits = 8.0 * jpeg.length / (500 * 375);
    assertTrue(bits > 1.5 && bits < 4, () -> bits + " bits a pixel");
    assertEquals("1500x1125", BenchPictures.size(BenchPictures.tiled(500, 375, 3, 1)));
    assertEquals(9, BenchPictures.tiled(500, 375, 3, 1).length / (double) jpeg.length, 0.5);
    assertArrayEquals(jpeg, BenchPictures.jpeg(500, 375, 1));
    assertFalse(Arrays.equals(jpeg, BenchPictures.jpeg(500, 375, 2)));
  }

  @Test
  void aNumberMakesAnotherFileOfTheSamePixels() throws IOException, RejectedException {
    byte[] jpeg = BenchPictures.jpeg(50, 40, 1);
    ImageIoDecoder decoder = new ImageIoDecoder(10_000, Alpha.DROP);
    byte[] first = BenchPictures.numbered(jpeg, 1);
    assertFalse(Arrays.equals(first, BenchPictures.numbered(jpeg, 2)));
    assertEquals(decoder.decode(jpeg), decoder.decode(first));
  }

  @Test
  void picturesOfAFolderAreTakenByName() throws IOException {
    Files.createDirectories(folder.resolve("b"));
    Files.write(folder.resolve("b/one.JPG"), new byte[] {2});
    Files.write(folder.resolve("a.jpeg"), new byte[] {1});
    Files.write(folder.resolve("c.png"), new byte[] {3});
    List<byte[]> pictures = BenchPictures.in(folder);
    assertEquals(2, pictures.size());
    assertEquals(1, pictures.get(0)[0]);
    Path empty = Files.createDirectories(folder.resolve("empty"));
    UserError e = assertThrows(UserError.class, () -> BenchPictures.in(empty));
    assertTrue(
        e.getMessage()
            .startsWith("Cannot bench on --pictures " + empty + ": there is no .jpg file"),
        e.getMessage());
  }
}
