package org.graft.spark.tar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.graft.spark.tar.TarMembers.Member;

/** Members to samples: those that follow each other and have the same key. */
public final class TarSamples implements Iterator<TarSample>, AutoCloseable {
  private final TarMembers members;
  private final TarFields fields;
  private final long contents;
  private Member next;

  /**
   * @param fields where labels and splits stand
   * @param contents pictures of at most this many bytes are read at once; 0: none are
   */
  public TarSamples(TarMembers members, TarFields fields, long contents) throws IOException {
    this.members = members;
    this.fields = fields;
    this.contents = contents;
    advance();
  }

  private void advance() throws IOException {
    do {
      next = members.next();
    } while (next != null && MemberName.isHidden(next.name()));
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public TarSample next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    try {
      String key = MemberName.of(next.name()).key();
      SampleParts parts = new SampleParts(fields, next.name());
      while (next != null && MemberName.of(next.name()).key().equals(key)) {
        parts.add(next, content(next));
        advance();
      }
      return parts.sample();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Null where it is not needed, or too large. */
  private byte[] content(Member member) throws IOException {
    MemberName name = MemberName.of(member.name());
    long limit =
        name.isPicture()
            ? contents
            : TarFields.KINDS.contains(name.kind()) ? TarFields.MOST_BYTES : 0;
    return member.link() || member.length() > limit ? null : members.content(member);
  }

  @Override
  public void close() throws IOException {
    members.close();
  }
}
