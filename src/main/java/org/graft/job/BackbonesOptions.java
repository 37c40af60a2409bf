package org.graft.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.graft.common.NearestMatch;
import org.graft.common.UserError;
import org.graft.weights.Downloads;

/**
 * The options of {@code graft backbones}: an action, what it is about, and {@code --NAME VALUE}.
 *
 * @param subject a card's name or path, or for {@code add} a network's file; empty for {@code list}
 * @param json whether stdout is to be one line of JSON and nothing else
 * @param values the other options that were given, without their dashes
 */
record BackbonesOptions(
    Action action, String subject, boolean json, boolean offline, Map<String, String> values) {
  static final String USAGE =
      """
      usage: graft backbones list [--json]
             graft backbones show NAME [--json]
             graft backbones fetch NAME
             graft backbones verify NAME [--weights FILE]
             graft backbones add FILE --card OUT.json [--preset P] [--as NAME] [--cut C] [--size N] [--licence L]
                                      [--origin O]

        list      every card: name, network, input, default cut and width, size, licence
        show      all that a card says
        fetch     bring the card's weights into the cache
        verify    load the weights and check them against the card's golden vectors
        add       look into a network of your own (.onnx, or a DL4J .zip), propose where to cut it, and write its card;
                  asks for the preprocessing where --preset does not say it

        NAME is a card's (resnet50.tv_in1k), a hub's (torchhub:resnet50, keras:VGG16), or the path of a card (.json)
        --weights FILE    other weights than the card's: a path (local, hdfs://, s3a://), https://, hf://ORG/REPO[@REV]/FILE
        --preset P        imagenet-torch, imagenet-bicubic, clip, keras-tf, keras-caffe, keras-torch, unit, none
        --as NAME         of the card; otherwise by the file's
        --cut C           the default cut: one of the proposed, or any tensor, node or vertex
        --size N          height and width of the pictures, where the network takes any; 224
        --cache FOLDER    instead of $GRAFT_CACHE or ~/.cache/graft/weights
        --mirror URL      asked first, as URL/HOST/PATH; instead of $GRAFT_MIRROR
        --offline         fetch nothing over a network; as GRAFT_OFFLINE=1
        --json            one line of JSON on stdout, and nothing else
      """;

  /** What can be done. */
  enum Action {
    LIST,
    SHOW,
    FETCH,
    VERIFY,
    ADD;

    private int subjects() {
      return this == LIST ? 0 : 1;
    }

    private List<String> options() {
      return switch (this) {
        case LIST -> List.of("cache");
        case SHOW -> List.of();
        case FETCH -> List.of("cache", "mirror");
        case VERIFY -> List.of("cache", "mirror", "weights");
        case ADD -> List.of("card", "preset", "as", "cut", "size", "licence", "origin");
      };
    }

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Action of(String text) {
      List<String> ids = Arrays.stream(values()).map(Action::id).toList();
      if (!ids.contains(text)) {
        throw refused("'%s' is no action.%s".formatted(text, NearestMatch.hint(text, ids)));
      }
      return values()[ids.indexOf(text)];
    }
  }

  /**
   * @param args after the verb
   * @throws UserError that says what is wrong, and shows the usage
   */
  static BackbonesOptions parse(List<String> args) {
    if (args.isEmpty()) {
      throw refused("no action given.");
    }
    Action action = Action.of(args.get(0));
    List<String> subjects = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    List<String> flags = new ArrayList<>();
    Iterator<String> rest = args.subList(1, args.size()).iterator();
    while (rest.hasNext()) {
      String arg = rest.next();
      if (List.of("--json", "--offline").contains(arg)) {
        flags.add(arg);
      } else if (!arg.startsWith("--")) {
        subjects.add(arg);
      } else {
        values.put(option(action, arg), value(arg, rest));
      }
    }
    if (subjects.size() != action.subjects()) {
      throw refused(
          "'%s' needs %s (got %s)."
              .formatted(action.id(), action.subjects() == 0 ? "no name" : "one name", subjects));
    }
    return new BackbonesOptions(
        action,
        String.join("", subjects),
        flags.contains("--json"),
        flags.contains("--offline"),
        Map.copyOf(values));
  }

  private static String option(Action action, String arg) {
    String name = arg.substring(2);
    if (!action.options().contains(name)) {
      throw refused(
          "%s is no option of '%s'.%s"
              .formatted(arg, action.id(), NearestMatch.hint(name, action.options())));
    }
    return name;
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw refused(option + " needs a value.");
    }
    return rest.next();
  }

  private static UserError refused(String why) {
    return new UserError("Cannot run 'backbones': %s\n%s".formatted(why, USAGE));
  }

  /** A text option, or empty. */
  String text(String name) {
    return values.getOrDefault(name, "");
  }

  Downloads downloads() {
    return Downloads.of(System.getenv()).with(text("cache"), text("mirror"), offline);
  }
}
