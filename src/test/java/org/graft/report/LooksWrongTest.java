package org.graft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.graft.inspect.SampleFindings;
import org.graft.inspect.SampleFindings.Duplicates;
import org.graft.inspect.SampleFindings.Labels;
import org.graft.inspect.SampleFindings.Outlier;
import org.graft.inspect.SampleFindings.Outliers;
import org.graft.inspect.SampleFindings.Pair;
import org.graft.inspect.SampleFindings.Place;
import org.graft.inspect.SampleFindings.Suspect;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class LooksWrongTest {
  private static final Place ONE = new Place("k1", "/data/cats/one.jpg", "train", "cat");
  private static final Place TWO = new Place("k2", "/data/dogs/two.jpg", "test", SomeReports.EVIL);

  private static final SampleFindings FOUND =
      new SampleFindings(
          640,
          new Labels(7, 0.75, List.of(new Suspect(TWO, 0.0123, "cat", 0.9))),
          new Outliers(1, 0.5, List.of(new Outlier(ONE, 0.875))),
          new Duplicates(3, 2, 1, 0.95, List.of(new Pair(ONE, TWO, 0.98765))),
          4,
          0);

  private static Document page(SampleFindings found) {
    String picture = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3});
    LooksWrong looksWrong = new LooksWrong(found, Map.of("k1", new Preview(picture, null)));
    return Pages.parse(
        new RunReport(
                "job", List.of(), List.of(), List.of(), null, List.of(), List.of(), looksWrong)
            .html());
  }

  private static List<String> headings(Document page) {
    return Pages.all(page, "h2").stream().map(Element::getTextContent).toList();
  }

  @Test
  void everyKindHasItsSectionAndPictures() {
    Document page = page(FOUND);
    assertEquals(
        List.of("Labels that look wrong", "Samples nearly the same", "Samples like no others"),
        headings(page).subList(0, 3));
    assertEquals(2, Pages.all(page, "img").size()); // one.jpg of the pair, and as an outlier
    String text = page.getDocumentElement().getTextContent();
    for (String shown :
        List.of(
            "7 of 640 samples",
            "75.0 %",
            "is " + SomeReports.EVIL + " 0.012",
            "rather cat 0.900",
            "in test",
            "3 pairs, 2 of them",
            "cosine 0.9877",
            "distance 0.875")) {
      assertTrue(text.contains(shown), shown + " in " + text);
    }
  }

  @Test
  void whatWasNotFoundIsNotTold() {
    SampleFindings nothing =
        new SampleFindings(
            3, null, new Outliers(0, 1, List.of()), new Duplicates(0, 0, 0, 0.95, List.of()), 0, 0);
    assertTrue(headings(page(nothing)).stream().noneMatch(h -> h.contains("look")), "no section");
    assertTrue(nothing.keys().isEmpty());
    assertEquals(Set.of("k1", "k2"), FOUND.keys());
  }
}
