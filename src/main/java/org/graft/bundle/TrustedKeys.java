package org.graft.bundle;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.graft.common.Storage;
import org.graft.common.UserError;

/**
 * Whose bundles are opened: one of these must have signed {@code bundle.json}, byte for byte, and
 * that names the digest of every other file. The signature is looked at before anything of the
 * bundle is parsed.
 */
public final class TrustedKeys {
  /** Opens any bundle, signed or not. */
  public static final TrustedKeys ANY = new TrustedKeys(List.of());

  static final String SIGNATURE = "bundle.json.sig";
  private static final int BYTES = 64;
  private static final String WANTED = "the 'PUBLIC KEY' of Ed25519 in X.509";

  private final List<Trusted> keys;

  private record Trusted(KeyFile file, PublicKey key) {
    static Trusted read(String path) {
      KeyFile file = KeyFile.read(path);
      if (!file.kind().equals("PUBLIC KEY")) {
        throw file.unusable(WANTED);
      }
      try {
        KeyFactory factory = KeyFactory.getInstance(SigningKey.ALGORITHM);
        return new Trusted(file, factory.generatePublic(new X509EncodedKeySpec(file.der())));
      } catch (GeneralSecurityException e) {
        throw file.unusable(WANTED);
      }
    }

    boolean signed(byte[] bytes, byte[] signature) {
      try {
        Signature verifier = Signature.getInstance(SigningKey.ALGORITHM);
        verifier.initVerify(key);
        verifier.update(bytes);
        return verifier.verify(signature);
      } catch (GeneralSecurityException notEvenASignature) {
        return false;
      }
    }
  }

  private TrustedKeys(List<Trusted> keys) {
    this.keys = keys;
  }

  /**
   * @param paths PEM files on the local disk, as {@code openssl pkey -pubout} writes; none: any
   *     bundle is opened
   * @throws UserError that names the file
   */
  public static TrustedKeys read(List<String> paths) {
    return paths.isEmpty() ? ANY : new TrustedKeys(paths.stream().map(Trusted::read).toList());
  }

  /** Refuses what none of them signed. */
  void check(Storage storage, String folder, byte[] manifest) throws IOException {
    if (keys.isEmpty()) {
      return;
    }
    String file = folder + "/" + SIGNATURE;
    if (!storage.exists(file)) {
      throw refused(folder, "it is not signed (no %s)".formatted(SIGNATURE));
    }
    byte[] signature = storage.read(file, 1 << 16);
    if (signature.length != BYTES) {
      throw refused(
          folder,
          "%s has %d bytes (an Ed25519 signature has %d)"
              .formatted(SIGNATURE, signature.length, BYTES));
    }
    if (keys.stream().noneMatch(key -> key.signed(manifest, signature))) {
      throw refused(folder, "none of the trusted keys signed it as it is");
    }
  }

  private UserError refused(String folder, String why) {
    List<String> files = new ArrayList<>();
    keys.forEach(key -> files.add(key.file().file().toString()));
    return new UserError(
        "Cannot open bundle %s: %s; trusted are the keys in %s. Nothing of it was used. Have it signed by one of them ('publish.signingKey'), or correct 'trustedKeys'."
            .formatted(folder, why, files));
  }
}
