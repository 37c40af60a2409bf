package org.graft.report;

/**
 * A part of the page. A new one is a class or record of its own, and a line in {@link
 * RunReport#sections}.
 */
interface Section {
  /** What it is called, in its heading and in the list of contents. */
  String title();

  /**
   * What stands below the heading; empty where there is nothing to tell, and then no heading
   * either.
   *
   * @param id of the section, to begin all ids in it with
   */
  String body(String id);

  /** One that is markup already. */
  static Section of(String title, Markup body) {
    return new Section() {
      @Override
      public String title() {
        return title;
      }

      @Override
      public String body(String id) {
        return body.toString();
      }
    };
  }
}
