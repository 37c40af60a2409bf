package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser: it is clicked, typed at, made dark and small, and printed. */
class ReportBrowserTest {
  private static final String F1 = "'#s6 ~ * tbody tr td:nth-child(5)'";

  @TempDir(cleanup = CleanupMode.NEVER) // the browser may still write there
  static Path folder;

  private static Chromium browser;
  private static Path page;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path installed = Chromium.installed().orElse(null);
    if (installed == null) {
      String why =
          "NOT TESTED: no Chromium is installed, so nobody looked at the report in a browser."
              + " Install one (apt-get install chromium), or name it in GRAFT_BROWSER.";
      System.err.println(why);
      abort(why);
    }
    browser = new Chromium(installed, folder.resolve("profile"));
    page = Path.of("target/some-report.html").toAbsolutePath(); // for people to look at, too
    Files.writeString(page, SomeReports.whole().html());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void open() throws InterruptedException {
    screen(1000);
    media("screen", "light");
    browser.open(page);
  }

  private static void screen(int width) throws InterruptedException {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  private static void media(String media, String scheme) throws InterruptedException {
    browser.call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  /** What axe-core finds wrong, with where. */
  private static List<String> violations() throws IOException, InterruptedException {
    try (InputStream axe = ReportBrowserTest.class.getResourceAsStream("/axe.min.js")) {
      String script = new String(axe.readAllBytes(), StandardCharsets.UTF_8);
      browser.value(script + "; 0");
    }
    JsonNode found = browser.value("axe.run().then(r => [r.violations, r.passes.length])");
    assertTrue(found.get(1).asInt() > 20, "axe looked at little: " + found.get(1));
    List<String> violations = new ArrayList<>();
    for (JsonNode one : found.get(0)) {
      violations.add(one.get("id") + ": " + one.get("help") + one.get("nodes"));
    }
    return violations;
  }

  @Test
  void aConfusionLeadsToItsPictures() throws InterruptedException {
    String cell = ".matrix td.wrong a";
    String shown =
        "[...document.querySelectorAll('.cell')].filter(c => c.checkVisibility()).length";
    assertEquals(0, browser.value(shown).asInt());
    String target = browser.text("document.querySelector('" + cell + "').hash.slice(1)");
    browser.click(cell);
    assertEquals(1, browser.value(shown).asInt());
    assertEquals(target, browser.text("document.querySelector(':target').id"));
    JsonNode pictures =
        browser.value(
            "Promise.all([...document.querySelectorAll(':target img')].map(i => i.decode().then(() => Math.max(i.naturalWidth, i.naturalHeight))))");
    assertTrue(pictures.size() > 0, pictures.toString());
    pictures.forEach(side -> assertEquals(112, side.asInt()));
    browser.click(":target > p a");
    assertEquals(0, browser.value(shown).asInt());
  }

  @Test
  void classesAreSortedByKeyboard() throws InterruptedException {
    List<Double> before = column();
    for (int i = 0;
        i < 300 && !browser.text("document.activeElement.textContent").equals("F1");
        i++) {
      browser.press("Tab", 9, "");
    }
    browser.press("Enter", 13, "\r");
    List<Double> sorted = before.stream().sorted().toList();
    assertNotEquals(sorted, before);
    assertEquals(sorted, column());
    String state = "document.activeElement.closest('th').getAttribute('aria-sort')";
    assertEquals("ascending", browser.text(state));
    browser.press(" ", 32, " ");
    assertEquals(sorted.stream().sorted((a, b) -> Double.compare(b, a)).toList(), column());
    assertEquals("descending", browser.text(state));
  }

  private static List<Double> column() throws InterruptedException {
    List<Double> values = new ArrayList<>();
    browser
        .value("[...document.querySelectorAll(" + F1 + ")].map(td => td.textContent)")
        .forEach(value -> values.add(Double.valueOf(value.asText())));
    assertEquals(4, values.size());
    return values;
  }

  /** Means of red, green and blue where something is drawn. */
  private static JsonNode ink(String canvas) throws InterruptedException {
    return browser.value(
        """
        (() => { const c = document.querySelector(%s), sums = [0, 0, 0, 0];
          const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
          for (let i = 0; i < d.length; i += 4) {
            if (d[i + 3] > 200) { for (let k = 0; k < 3; k++) sums[k] += d[i + k]; sums[3]++; }
          }
          return sums.map(s => s / sums[3]).concat(sums[3]); })()
        """
            .formatted("'" + canvas + "'"));
  }

  @Test
  void everyPlotIsDrawnAndFollowsTheDark() throws InterruptedException {
    JsonNode drawn =
        browser.value(
            "[...document.querySelectorAll('.drawing')].map(d => d.querySelectorAll('canvas').length)");
    assertEquals("[1,1,1,1,1,1,1]", drawn.toString());
    JsonNode light = ink(".drawing canvas");
    assertTrue(light.get(4).asInt() > 500, light.toString());
    String paper = "getComputedStyle(document.body).backgroundColor";
    assertEquals("rgb(255, 255, 255)", browser.text(paper));
    media("screen", "dark");
    assertEquals("rgb(22, 22, 22)", browser.text(paper));
    JsonNode dark = ink(".drawing canvas");
    assertTrue(dark.get(0).asDouble() > light.get(0).asDouble() + 50, light + " " + dark);
    media("print", "dark"); // on paper it is light again
    assertEquals("rgb(255, 255, 255)", browser.text(paper));
    assertTrue(ink(".drawing canvas").get(0).asDouble() < light.get(0).asDouble() + 10);
  }

  @Test
  void anotherLabelHasAnotherCurve() throws InterruptedException {
    String rows = "document.querySelector('.curves details tbody').textContent";
    String all = browser.text(rows);
    JsonNode ink = ink(".curves canvas");
    browser.value(
        "(() => { const s = document.querySelector('.curves select'); s.value = 2; s.dispatchEvent(new Event('change')); })()");
    assertNotEquals(all, browser.text(rows));
    browser.value("new Promise(done => requestAnimationFrame(done))");
    assertNotEquals(ink, ink(".curves canvas"));
    assertEquals(
        SomeReports.EVIL, browser.text("document.querySelector('.curves select').options[2].text"));
  }

  @Test
  void isAccessible() throws IOException, InterruptedException {
    assertEquals(List.of(), violations());
    browser.click(".matrix td.wrong a");
    media("screen", "dark");
    assertEquals(List.of(), violations());
    screen(390);
    assertEquals(List.of(), violations());
  }

  @Test
  void aPhoneScrollsNothingSideways() throws InterruptedException {
    screen(390);
    browser.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    assertEquals(390, browser.value("document.documentElement.scrollWidth").asInt());
  }

  @Test
  void asksNobodyAndRunsNoScriptOfTheData() throws InterruptedException {
    browser.requests().removeIf(request -> request.startsWith("data:image/jpeg"));
    assertTrue(
        browser.requests().stream()
            .allMatch(request -> request.startsWith(page.toUri().toString())),
        browser.requests().toString());
    assertEquals("pets", browser.text("document.title"));
    assertEquals(List.of(), browser.complaints());
    browser.value( // the policy alone would stop it, too
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title = 1\">')");
    browser.value("new Promise(done => setTimeout(done, 50))");
    assertEquals("pets", browser.text("document.title"));
  }
}
