package org.graft.bundle;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/**
 * An Ed25519 key (RFC 8032) that signs what is published. It stays where it was read, on the
 * driver, and is written nowhere.
 */
public final class SigningKey {
  static final String ALGORITHM = "Ed25519";
  private static final String WANTED =
      "the 'PRIVATE KEY' of Ed25519 in PKCS #8, which is not encrypted";

  private final PrivateKey key;

  private SigningKey(PrivateKey key) {
    this.key = key;
  }

  /**
   * @param path a PEM file on the local disk, as {@code openssl genpkey -algorithm ed25519} writes
   * @throws org.graft.common.UserError that names the file
   */
  public static SigningKey read(String path) {
    KeyFile file = KeyFile.read(path);
    if (!file.kind().equals("PRIVATE KEY")) {
      throw file.unusable(WANTED);
    }
    try {
      KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
      return new SigningKey(factory.generatePrivate(new PKCS8EncodedKeySpec(file.der())));
    } catch (GeneralSecurityException e) { // its text may tell of the key
      throw file.unusable(WANTED);
    }
  }

  /** 64 bytes: the same for the same bytes. */
  byte[] sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK from 15 on signs with Ed25519", e);
    }
  }
}
