package org.graft.engine.natives;

import static org.graft.engine.natives.MadeUpLibrary.CODE;
import static org.graft.engine.natives.MadeUpLibrary.EXACT;
import static org.graft.engine.natives.MadeUpLibrary.PLAIN;
import static org.graft.engine.natives.MadeUpLibrary.PTX;
import static org.graft.engine.natives.MadeUpLibrary.buffer;
import static org.graft.engine.natives.MadeUpLibrary.elf;
import static org.graft.engine.natives.MadeUpLibrary.entry;
import static org.graft.engine.natives.MadeUpLibrary.joined;
import static org.graft.engine.natives.MadeUpLibrary.region;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.graft.common.UserError;
import org.graft.engine.natives.FatBinary.Thinned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinningTest {
  private static final byte[] TURING = entry(CODE, 75, PLAIN, 24);
  private static final byte[] AMPERE = entry(CODE, 80, PLAIN, 40);
  private static final byte[] HOPPER = entry(CODE, 90, EXACT, 56);
  private static final byte[] TEXT = entry(PTX, 80, PLAIN, 16);

  @TempDir Path folder;

  private static Thinned thin(byte[] section, int card) {
    return new FatBinary(buffer(section), "libmadeup.so").thin(card);
  }

  @Test
  void onlyTheCardsCodeStays() {
    byte[] first = region(TURING, AMPERE, TEXT, HOPPER);
    byte[] second = region(HOPPER, TURING);
    byte[] section = joined(first, second);

    assertEquals(
        new Thinned(2, 0, 2L * HOPPER.length, first.length + second.length - 32),
        thin(section, 90));

    byte[] kept = region(HOPPER);
    assertArrayEquals(kept, Arrays.copyOf(section, kept.length));
    assertArrayEquals( // where it was: the library's code points there
        kept, Arrays.copyOfRange(section, first.length, first.length + kept.length));
    for (int i = kept.length; i < first.length; i++) {
      assertEquals(0, section[i]);
    }
  }

  @Test
  void codeRunsOnLaterCardsOfTheSameMakeUnlessItIsForOneOnly() {
    byte[] ada = region(TURING, AMPERE, HOPPER);
    assertEquals(AMPERE.length, thin(ada, 89).kept());
    byte[] exact = region(entry(CODE, 120, EXACT, 8), TURING);
    assertTrue(
        assertThrows(UserError.class, () -> thin(exact, 121))
            .getMessage()
            .startsWith(
                "Cannot thin libmadeup.so for compute capability 12.1: it has no code for it (it has 7.5, 12.0)."));
    byte[] older = region(AMPERE, HOPPER);
    assertThrows(UserError.class, () -> thin(older, 79));
  }

  @Test
  void aRegionWithoutCodeForTheCardKeepsItsSmallest() {
    byte[] other = region(AMPERE, TURING);
    byte[] section = joined(region(HOPPER), other);
    assertEquals(1, thin(section, 90).without());
    byte[] kept = region(TURING);
    int from = section.length - other.length;
    assertArrayEquals(kept, Arrays.copyOfRange(section, from, from + kept.length));
  }

  @Test
  void whatIsThinStaysAsItIs() {
    byte[] section = joined(region(TURING, HOPPER), new byte[24], region(HOPPER, AMPERE));
    thin(section, 90);
    byte[] once = section.clone();
    assertEquals(2, thin(section, 90).regions());
    assertArrayEquals(once, section);
  }

  @Test
  void whatIsUnknownIsRefused() {
    for (int at : new int[] {0, 4, 6, 8, 15, 16 + 4, 16 + 8, 16 + 15}) {
      byte[] section = region(HOPPER);
      section[at] = 99;
      assertTrue(
          assertThrows(UserError.class, () -> thin(section, 90), "byte " + at)
              .getMessage()
              .contains("of its .nv_fatbin is nothing that is known"));
    }
    byte[] cut = Arrays.copyOf(region(HOPPER), 70);
    assertThrows(UserError.class, () -> thin(cut, 90));
  }

  @Test
  void aLibraryIsThinnedInPlace() throws IOException {
    Path library = folder.resolve("libmadeup.so.1");
    byte[] code = "machine code of the processor".getBytes(StandardCharsets.US_ASCII);
    byte[] fat = region(TURING, HOPPER);
    byte[] symbols = {1, 2, 3};
    Files.write(library, elf(".text", code, ".nv_fatbin", fat, ".symtab", symbols));
    Files.writeString(folder.resolve("README"), "no library");
    ByteArrayOutputStream told = new ByteArrayOutputStream();

    Thinning.thin(folder, 90, new PrintStream(told, true, StandardCharsets.UTF_8));

    byte[] thin = Files.readAllBytes(library);
    byte[] wanted = fat.clone();
    thin(wanted, 90);
    assertArrayEquals(elf(".text", code, ".nv_fatbin", wanted, ".symtab", new byte[3]), thin);
    assertTrue(told.toString(StandardCharsets.UTF_8).startsWith("libmadeup.so.1: "));
  }

  @Test
  void aDamagedLibraryIsRefused() throws IOException {
    Path library = folder.resolve("libmadeup.so");
    byte[] whole = elf(".nv_fatbin", region(HOPPER));
    for (int at : new int[] {0, 4, 5, 43, 47, 61}) {
      byte[] damaged = whole.clone();
      damaged[at] = 77;
      Files.write(library, damaged);
      assertTrue(
          assertThrows(UserError.class, () -> Thinning.thin(folder, 90, System.err), "byte " + at)
              .getMessage()
              .startsWith("Cannot thin libmadeup.so: it is "));
    }
  }

  @Test
  void capabilitiesAreTwoNumbers() {
    assertEquals(90, Thinning.level("9.0"));
    assertEquals(120, Thinning.level("12.0"));
    for (String wrong : new String[] {"9", "90", "9.0a", "sm_90", "", "9.10"}) {
      assertThrows(UserError.class, () -> Thinning.level(wrong), wrong);
    }
  }
}
