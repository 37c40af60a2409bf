package org.graft.weights;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Proxies as {@code https_proxy}, {@code http_proxy} and {@code no_proxy} name them, in capitals
 * too, where the JVM's own settings ({@code -Dhttps.proxyHost=…}) name none.
 */
final class EnvironmentProxies extends ProxySelector {
  private final Map<String, String> environment;
  private final ProxySelector jvm;

  /**
   * @param jvm asked first; null if there is none
   */
  EnvironmentProxies(Map<String, String> environment, ProxySelector jvm) {
    this.environment = environment;
    this.jvm = jvm;
  }

  @Override
  public List<Proxy> select(URI uri) {
    List<Proxy> own = jvm == null ? List.of() : jvm.select(uri);
    if (own.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
      return own;
    }
    String proxy = variable(uri.getScheme().toLowerCase(Locale.ROOT) + "_proxy");
    return proxy.isEmpty() || isExcepted(uri.getHost())
        ? List.of(Proxy.NO_PROXY)
        : List.of(new Proxy(Proxy.Type.HTTP, address(proxy)));
  }

  private String variable(String name) {
    return environment.getOrDefault(
        name, environment.getOrDefault(name.toUpperCase(Locale.ROOT), ""));
  }

  /** Hosts, or ends of their names; {@code *} is all of them. */
  private boolean isExcepted(String host) {
    for (String name : variable("no_proxy").split(",", -1)) {
      String end = name.strip().replaceFirst("^\\*?\\.", "");
      if (name.strip().equals("*")
          || (!end.isEmpty() && (host.equalsIgnoreCase(end) || endsWith(host, "." + end)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWith(String host, String end) {
    return host.toLowerCase(Locale.ROOT).endsWith(end.toLowerCase(Locale.ROOT));
  }

  private static InetSocketAddress address(String proxy) {
    URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    int port = uri.getPort() >= 0 ? uri.getPort() : 80;
    return InetSocketAddress.createUnresolved(uri.getHost(), port);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    if (jvm != null) {
      jvm.connectFailed(uri, address, failure);
    }
  }
}
