package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkupTest {
  @Test
  void columnsOfNumbersAreAlignedAsAWhole() {
    String table =
        new Markup()
            .table(
                List.of("key", "value", "count"),
                List.of(List.of("a", "1", "–"), List.of("b", "x<y", "2.5")))
            .toString()
            .replace("\n", "");
    assertEquals(
        "<table><thead><tr><th scope=\"col\">key</th><th scope=\"col\">value</th>"
            + "<th scope=\"col\" class=\"n\">count</th></tr></thead><tbody>"
            + "<tr><td>a</td><td>1</td><td class=\"n\">–</td></tr>"
            + "<tr><td>b</td><td>x&lt;y</td><td class=\"n\">2.5</td></tr></tbody></table>",
        table);
  }
}
