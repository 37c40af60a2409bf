package org.graft.spark;

import org.graft.backbone.BackboneCard;
import org.graft.common.Digest;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.image.ImageDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.image.JpegScaling;
import org.graft.image.PictureDecoder;
import org.graft.image.View;
import org.graft.sample.RejectedException;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;
import org.graft.text.TextPreprocessor;
import org.graft.text.TokenizerLibrary;

/** What makes the samples of a card's kind into inputs of its network. */
final class FrontEnds {
  private FrontEnds() {}

  /**
   * @param maxPixels most pixels that a picture may declare
   * @param view of each picture; null: itself
   */
  static FrontEnd of(BackboneCard card, long maxPixels, JpegScaling scaling, View view) {
    if (card.text() != null) {
      return of(new TextPreprocessor(card.text(), ExecutorCache.tokenizer(card)));
    }
    if (card.audio() != null) {
      throw new UnsupportedOperationException("no front end for audio yet");
    }
    PictureDecoder decoder = decoder(card, maxPixels, scaling);
    ImageDecoder viewed = view == null ? decoder : view.of(decoder);
    return new ImagePreprocessor(viewed, card.preprocessing())::tensor;
  }

  /** What decodes, and how: for fingerprints. Equal texts, equal inputs. */
  static String version(BackboneCard card, long maxPixels, JpegScaling scaling) {
    if (card.text() != null) {
      return "%s, vocabulary %s"
          .formatted(TokenizerLibrary.installed().version(), Digest.of(card.tokenizer().packed()));
    }
    if (card.audio() != null) {
      throw new UnsupportedOperationException("no front end for audio yet");
    }
    return decoder(card, maxPixels, scaling).version();
  }

  private static PictureDecoder decoder(BackboneCard card, long maxPixels, JpegScaling scaling) {
    return PictureDecoder.of(maxPixels, card.preprocessing().alpha(), scaling);
  }

  private static FrontEnd of(TextPreprocessor text) {
    return new FrontEnd() {
      @Override
      public float[] tensor(byte[] content) throws RejectedException {
        return text.windows(content).next();
      }

      @Override
      public Windows windows(byte[] content) throws RejectedException {
        return text.windows(content);
      }

      @Override
      public WindowPooling pooling() {
        return text.pooling();
      }
    };
  }
}
