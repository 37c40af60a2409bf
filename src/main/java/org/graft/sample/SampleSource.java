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
}
