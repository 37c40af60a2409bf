package org.graft.report;

import java.util.Base64;
import org.graft.image.Thumbnail;
import org.graft.sample.RejectedException;
import org.graft.text.TextBeginning;

/**
 * A sample as a page shows it: small enough for hundreds of them.
 *
 * @param picture a JPEG file in Base64; null where the sample is none
 * @param text its beginning; null where the sample is none
 */
public record Preview(String picture, String text) {
  /** Of one that cannot be shown: a sound, or what cannot be read. */
  public static final Preview NONE = new Preview(null, null);

  /** What a sample is. */
  public enum Kind {
    PICTURE,
    TEXT,
    SOUND;

    /**
     * @param maxPixels pictures that declare more are not shown
     */
    public Preview preview(byte[] content, long maxPixels) {
      try {
        return switch (this) {
          case PICTURE -> picture(Thumbnail.jpeg(content, maxPixels));
          case TEXT -> new Preview(null, TextBeginning.of(content));
          case SOUND -> NONE;
        };
      } catch (RejectedException e) {
        return NONE;
      }
    }

    private static Preview picture(byte[] jpeg) {
      return new Preview(Base64.getEncoder().encodeToString(jpeg), null);
    }
  }
}
