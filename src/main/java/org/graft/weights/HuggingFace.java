package org.graft.weights;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graft.common.UserError;

/**
 * A file on the Hugging Face hub: {@code hf://org/repo[@revision]/path/to/file}. The revision is a
 * branch, a tag or a commit, {@code main} if none is said.
 *
 * @param file its path in the repository
 */
record HuggingFace(String repository, String revision, String file) {
  static final String SCHEME = "hf://";

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
  private static final Pattern ADDRESS =
      Pattern.compile(
          SCHEME
              + "(?<repository>%1$s/%1$s)(@(?<revision>%1$s))?/(?<file>%1$s(/%1$s)*)"
                  .formatted(NAME));

  /**
   * @throws UserError if it is not of that form
   */
  static HuggingFace of(String address) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches() || address.contains("..")) {
      throw new UserError(
          "Cannot read the address '%s': wanted hf://ORGANISATION/REPOSITORY[@REVISION]/FILE, for instance hf://timm/resnet18.a1_in1k/model.safetensors."
              .formatted(address));
    }
    String revision = matcher.group("revision");
    return new HuggingFace(
        matcher.group("repository"), revision == null ? "main" : revision, matcher.group("file"));
  }

  /**
   * @param environment {@code HF_ENDPOINT} names another server than huggingface.co
   */
  String url(Map<String, String> environment) {
    return "%s/%s/resolve/%s/%s".formatted(endpoint(environment), repository, revision, file);
  }

  static String endpoint(Map<String, String> environment) {
    return environment
        .getOrDefault("HF_ENDPOINT", "https://huggingface.co")
        .replaceFirst("/+$", "");
  }

  /** What lets {@code HF_TOKEN}'s owner in, for the hub's own server only. */
  static Optional<String> authorization(URI uri, Map<String, String> environment) {
    String token = environment.getOrDefault("HF_TOKEN", "");
    String endpoint = endpoint(environment);
    return !token.isEmpty() && uri.toString().startsWith(endpoint + "/")
        ? Optional.of("Bearer " + token)
        : Optional.empty();
  }
}
