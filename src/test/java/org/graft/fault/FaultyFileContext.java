package org.graft.fault;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Path;

/** The same for Hadoop's other interface, {@link org.apache.hadoop.fs.FileContext}. */
public final class FaultyFileContext extends DelegateToFileSystem {
  public FaultyFileContext(URI uri, Configuration configuration)
      throws IOException, URISyntaxException {
    super(uri, new FaultyFileSystem(), configuration, "fault", false);
  }

  @Override
  public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
    ((FaultyFileSystem) fsImpl).replace(from, to);
  }

  @Override
  public int getUriDefaultPort() {
    return -1;
  }
}
