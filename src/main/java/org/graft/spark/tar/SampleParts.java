package org.graft.spark.tar;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.graft.sample.RejectedException;
import org.graft.sample.Rejection.Reason;
import org.graft.spark.tar.TarMembers.Member;

/** The members of one sample, as they come. */
final class SampleParts {
  private final TarFields fields;
  private final String first;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, byte[]> contents = new LinkedHashMap<>();
  private boolean twice;

  /**
   * @param first name of its first member
   */
  SampleParts(TarFields fields, String first) {
    this.fields = fields;
    this.first = first;
  }

  void add(Member member, byte[] content) {
    String kind = MemberName.of(member.name()).kind();
    twice |= members.put(kind, member) != null;
    contents.put(kind, content);
  }

  TarSample sample() {
    List<Member> pictures =
        members.values().stream().filter(m -> MemberName.of(m.name()).isPicture()).toList();
    Member picture = pictures.isEmpty() ? null : pictures.get(0);
    try {
      if (picture == null || pictures.size() > 1 || twice) {
        throw new RejectedException(
            Reason.UNSUPPORTED,
            "its key has the members %s%s, and a sample has one picture (jpg, jpeg, png, gif or bmp)"
                .formatted(members.keySet(), twice ? ", some of them twice" : ""));
      }
      if (picture.link()) {
        throw new RejectedException(
            Reason.UNSUPPORTED, "it is a link to another member: pack the files themselves");
      }
      Map<String, Object> json = has("json") ? TarFields.json(text("json")) : Map.of();
      return new TarSample(
          picture.name(),
          picture.offset(),
          picture.length(),
          contents.get(MemberName.of(picture.name()).kind()),
          labels(picture, json),
          fields.split(json),
          null,
          null,
          fields.columns(json));
    } catch (RejectedException e) {
      return new TarSample(
          picture == null ? first : picture.name(),
          0,
          0,
          null,
          null,
          null,
          e.reason(),
          e.getMessage(),
          null);
    }
  }

  private boolean has(String kind) {
    return members.containsKey(kind);
  }

  private byte[] text(String kind) throws RejectedException {
    byte[] text = contents.get(kind);
    if (text == null) {
      throw new RejectedException(
          Reason.UNKNOWN_LABEL,
          "its .%s is a link or has more than %d bytes".formatted(kind, TarFields.MOST_BYTES));
    }
    return text;
  }

  private List<String> labels(Member picture, Map<String, Object> json) throws RejectedException {
    if (has("cls")) {
      return TarFields.lines(text("cls"));
    }
    List<String> given = fields.labels(json);
    if (given != null || json.containsKey(fields.label())) {
      return given; // null says that it has none
    }
    if (has("txt")) {
      return TarFields.lines(text("txt"));
    }
    String folder = MemberName.of(picture.name()).folder();
    return folder.isEmpty() ? null : List.of(folder);
  }
}
