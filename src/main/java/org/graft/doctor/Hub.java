package org.graft.doctor;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.graft.common.Secrets;
import org.graft.weights.Downloads;
import org.graft.weights.WeightHost;

/** How published weights would come here. */
final class Hub {
  private Hub() {}

  static Finding proxy(Map<String, String> environment) {
    String value =
        Stream.of("https_proxy", "http_proxy", "no_proxy")
            .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
            .filter(environment::containsKey)
            .map(name -> name + "=" + environment.get(name))
            .collect(Collectors.joining(", "));
    return Finding.ok("proxy", value.isEmpty() ? "none" : Secrets.of(environment).hide(value));
  }

  static Finding server(Downloads downloads, Map<String, String> environment) {
    WeightHost server = WeightHost.first(downloads, environment);
    if (downloads.offline() && !server.isLocal()) {
      return Finding.ok(
          "weights server", "not asked, since weights.offline or GRAFT_OFFLINE is set");
    }
    try {
      server.greet(environment);
      return Finding.ok("weights server", server.place() + " answers");
    } catch (IOException e) {
      return Finding.warning(
          "weights server",
          "%s does not answer: %s".formatted(server.place(), e.getMessage()),
          "Only weights that come along or lie in the cache can be used. Set https_proxy, or GRAFT_MIRROR to a server or folder that has them.");
    }
  }
}
