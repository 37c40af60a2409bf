package org.graft.spark;

import org.graft.audio.AudioFrontEnd;
import org.graft.audio.SoundLimit;
import org.graft.backbone.BackboneCard;
import org.graft.common.Digest;
import org.graft.feature.FeatureExtractor.FrontEnd;
import org.graft.image.ImageDecoder;
import org.graft.image.ImagePreprocessor;
import org.graft.image.JpegScaling;
import org.graft.image.PictureDecoder;
import org.graft.image.View;
import org.graft.sample.RejectedException;
import org.graft.sample.SampleLimits;
import org.graft.sample.WindowPooling;
import org.graft.sample.Windows;
import org.graft.text.TextPreprocessor;
import org.graft.text.TokenizerLibrary;

/** What makes the samples of a card's kind into inputs of its network. */
final class FrontEnds {
  private static final SampleLimits ANY = new SampleLimits(1, 1);

  private FrontEnds() {}

  /**
   * @param view of each picture; null: itself
   */
  static FrontEnd of(BackboneCard card, SampleLimits limits, JpegScaling scaling, View view) {
    if (card.text() != null) {
      TextPreprocessor text = new TextPreprocessor(card.text(), ExecutorCache.tokenizer(card));
      return of(text::windows, text.pooling());
    }
    if (card.audio() != null) {
      AudioFrontEnd audio = audio(card, limits);
      return of(audio::windows, audio.pooling());
    }
    PictureDecoder decoder = decoder(card, limits, scaling);
    ImageDecoder viewed = view == null ? decoder : view.of(decoder);
    return new ImagePreprocessor(viewed, card.preprocessing())::tensor;
  }

  /** What decodes, and how: for fingerprints. Equal texts, equal inputs. */
  static String version(BackboneCard card, JpegScaling scaling) {
    if (card.text() != null) {
      return "%s, vocabulary %s"
          .formatted(TokenizerLibrary.installed().version(), Digest.of(card.tokenizer().packed()));
    }
    if (card.audio() != null) {
      return audio(card, ANY).version();
    }
    return decoder(card, ANY, scaling).version();
  }

  private static AudioFrontEnd audio(BackboneCard card, SampleLimits limits) {
    return new AudioFrontEnd(card.audio(), new SoundLimit(limits.seconds()));
  }

  private static PictureDecoder decoder(
      BackboneCard card, SampleLimits limits, JpegScaling scaling) {
    return PictureDecoder.of(limits.pixels(), card.preprocessing().alpha(), scaling);
  }

  /** Bytes to a sample's inputs. */
  private interface Windowing {
    Windows windows(byte[] content) throws RejectedException;
  }

  private static FrontEnd of(Windowing windowing, WindowPooling pooling) {
    return new FrontEnd() {
      @Override
      public float[] tensor(byte[] content) throws RejectedException {
        return windows(content).next();
      }

      @Override
      public Windows windows(byte[] content) throws RejectedException {
        return windowing.windows(content);
      }

      @Override
      public WindowPooling pooling() {
        return pooling;
      }
    };
  }
}
