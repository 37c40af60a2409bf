package org.graft.sample;

import org.graft.common.Location;

/** Where samples come from. */
public sealed interface SampleSource {
  String path();

  /** A folder a class: {@code path/CLASS/**}. For scoring, any folder of pictures. */
  record Folder(@Location String path) implements SampleSource {
    /** Values of absent config keys. */
    static final Folder DEFAULTS = new Folder(null);
  }

  /**
   * A list of paths: {@code .csv} with a header, or {@code .jsonl}. Paths are relative to the
   * manifest's folder and stay inside it.
   *
   * @param labelSeparator between the labels of one CSV cell, where {@code multiLabel} is on
   * @param splitColumn train, validation or test; used where the column is there
   */
  record Manifest(
      @Location String path,
      String pathColumn,
      String labelColumn,
      String splitColumn,
      String labelSeparator)
      implements SampleSource {
    /** Values of absent config keys. */
    static final Manifest DEFAULTS = new Manifest(null, "path", "label", "split", "|");
  }

  /**
   * A Parquet table, with the bytes themselves or with paths.
   *
   * @param contentColumn the bytes; empty: there are none, read {@code pathColumn}'s files
   * @param pathColumn files relative to the folder that the table lies in, and inside it; or, with
   *     bytes, just names
   * @param labelColumn a text, or an array of texts where {@code multiLabel} is on
   */
  record Table(
      @Location String path,
      String contentColumn,
      String pathColumn,
      String labelColumn,
      String splitColumn)
      implements SampleSource {
    /** Values of absent config keys. */
    static final Table DEFAULTS = new Table(null, "", "path", "label", "split");
  }

  /**
   * A tar shard, or a folder of them, in the layout of WebDataset: members whose paths are the same
   * up to the first dot of the last name are a sample. Its picture is {@code KEY.jpg} (or jpeg,
   * png, gif, bmp); its label stands in {@code KEY.cls}, in {@code KEY.json}, in {@code KEY.txt},
   * or is the picture's first folder, whichever comes first.
   *
   * @param labelColumn the field of {@code KEY.json} that holds the label
   * @param splitColumn the field of {@code KEY.json} that holds train, validation or test
   */
  record Tar(@Location String path, String labelColumn, String splitColumn)
      implements SampleSource {
    /** Values of absent config keys. */
    static final Tar DEFAULTS = new Tar(null, "label", "split");
  }

  /**
   * Texts in a column: of a {@code .csv} with a header, of {@code .jsonl}, or of Parquet. (A folder
   * of {@code .txt} files is a {@link Folder}.)
   *
   * @param textColumn the text
   * @param pairColumn a second text, which the network sees beside the first; empty: none
   * @param pathColumn a name for people; used where the column is there
   * @param labelSeparator between the labels of one cell, where {@code multiLabel} is on
   */
  record Text(
      @Location String path,
      String textColumn,
      String pairColumn,
      String pathColumn,
      String labelColumn,
      String splitColumn,
      String labelSeparator)
      implements SampleSource {
    /** Values of absent config keys. */
    static final Text DEFAULTS = new Text(null, "text", "", "path", "label", "split", "|");
  }
}
