package org.graft.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * A page in one file: style and scripts are in it, and its policy allows exactly these scripts and
 * no requests.
 *
 * @param title of the page, and its first heading
 */
record Page(String title, List<Section> sections) {
  private static final String PLOTS = "/META-INF/resources/webjars/uplot/1.6.30/";

  String html() {
    List<String> scripts = List.of(script(PLOTS + "dist/uPlot.iife.min.js"), script("report.js"));
    Markup page = new Markup();
    page.add("<!DOCTYPE html>");
    page.add("<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head>");
    page.add("<meta charset=\"utf-8\"/>");
    page.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    page.add(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src %s %s\"/>"
            .formatted(hash(scripts.get(0)), hash(scripts.get(1))));
    page.element("title", title);
    page.add("<style>%s\n%s</style>".formatted(resource(PLOTS + "dist/uPlot.min.css"), style()));
    page.add("</head><body><header>").element("h1", title);
    Markup contents = new Markup();
    Markup bodies = new Markup();
    int number = 0;
    for (Section section : sections) {
      String id = "s" + ++number;
      String body = section.body(id);
      if (!body.isBlank()) {
        String name = Markup.text(section.title());
        contents.add("<li><a href=\"#%s\">%s</a></li>".formatted(id, name));
        bodies.add("<section><h2 id=\"%s\">%s</h2>".formatted(id, name));
        bodies.add(body).add("</section>");
      }
    }
    page.add("<nav aria-label=\"Contents\"><ul>%s</ul></nav></header>".formatted(contents));
    page.add("<main>%s</main>".formatted(bodies));
    scripts.forEach(script -> page.add("<script>%s</script>".formatted(script)));
    return page.add("</body></html>").toString();
  }

  private static String style() {
    return resource("report.css");
  }

  /** Text that XML takes as it is, too. */
  private static String script(String name) {
    return "/*<![CDATA[*/" + resource(name).replace("]]>", "]] >") + "/*]]>*/";
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
