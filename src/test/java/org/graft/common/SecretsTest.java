package org.graft.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "DB_PASSWORD", "hunter22",
          "HF_TOKEN", "hf_abcdef",
          "HF_TOKEN_2", "hf_abcdefgh",
          "AWS_SECRET_ACCESS_KEY", "wJalr/XUt+nFEMI",
          "TOKEN_SHORT", "abc",
          "AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token-file",
          "HOME", "/home/me/of-all");

  private final Secrets secrets = Secrets.of(ENVIRONMENT);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://AKIA123:abc/d+ef=@bucket/pets | s3a://***@bucket/pets",
        "https://me:pass@host:8443/x?a=1 | https://***@host:8443/x?a=1",
        "https://ghp_token@host/x | https://***@host/x",
        "a jar:https://u:p@h/a.jar!/x and hdfs://me@nn:8020/y | a jar:https://***@h/a.jar!/x and hdfs://***@nn:8020/y",
        "https://h/x?token=abc&b=2 | https://h/x?token=***&b=2",
        "https://h/x?X-Amz-Credential=AK%2F1&X-Amz-Signature=0f1e&X-Amz-Date=2 | https://h/x?X-Amz-Credential=***&X-Amz-Signature=***&X-Amz-Date=2",
        "https://a.blob/x?sv=1&sig=ab%3D&se=2 | https://a.blob/x?sv=1&sig=***&se=2",
        "fs.s3a.secret.key=abc, fs.s3a.access.key = def | fs.s3a.secret.key=***, fs.s3a.access.key = ***",
        "spark.hadoop.fs.azure.account.key.mine.blob=abc== | spark.hadoop.fs.azure.account.key.mine.blob=***",
        "{\"dbPassword\" : \"abc\", \"n\" : 1} | {\"dbPassword\" : \"***\", \"n\" : 1}",
        "it said hunter22 twice: hunter22! | it said *** twice: ***!",
        "hf_abcdefgh is the longer one | *** is the longer one",
        "https://x/wJalr/XUt+nFEMI/y | https://x/***/y",
      })
  void secretsAreHidden(String text, String hidden) {
    assertEquals(hidden, secrets.hide(text));
    assertEquals(hidden, secrets.hide(hidden), "once is enough");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://nn:8020/ws/runs/last/pets@2026-01-31.json",
        "http://localhost:8080?mail=a@b",
        "s3a://bucket/a@b:c/d.jpg",
        "/home/me/of-all/pets@1.jpg",
        "tokens=128, tokenizer=bert, tokenizer.json: 5",
        "{\"classToken\" : \"[CLS]\", \"headSha256\" : \"0f1e\"}",
        "key STRING, key=3f, monkey=1, 'key' must be a text",
        "abc /var/run/token-file",
        "mail me@example.org",
        "",
      })
  void harmlessTextsStayAsTheyAre(String text) {
    assertEquals(text, secrets.hide(text));
  }

  @Test
  void valuesOfAConfiguration() {
    assertEquals(
        List.of("https://***@h", "b"), secrets.hide((Object) List.of("https://u:p@h", "b")));
    assertEquals(5, secrets.hide((Object) 5));
    assertNull(secrets.hide((String) null));
    assertFalse(secrets.toString().contains("hunter22"));
  }

  @ParameterizedTest
  @CsvSource({
    "s3a://A:b/c@bucket/x, true",
    "https://u:p@h, false",
    "wasb://u:p@h, true",
    "hdfs://me@nn:8020/x, false",
    "hdfs://nn:8020/x@y, false",
    "/a:b@c, false"
  })
  void passwordsInUris(String uri, boolean has) {
    assertEquals(has, Secrets.hasPassword(uri));
  }

  @Test
  void aGuardedStreamHidesAcrossItsPieces() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream guarded = secrets.guard(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    guarded.printf("%s=%s%n", "fs.s3a.secret.key", "abc");
    guarded.print("hunt");
    guarded.print("er22 ü\r");
    guarded.print("\rhalf");
    assertFalse(text(bytes).contains("half"), "not known yet what it will be");
    guarded.flush();
    assertTrue(text(bytes).endsWith("half"));
    guarded.print(" https://u:p@h");
    guarded.close();
    assertEquals(
        "fs.s3a.secret.key=***" + System.lineSeparator() + "*** ü\r\rhalf https://***@h",
        text(bytes));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
