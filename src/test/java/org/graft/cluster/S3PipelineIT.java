package org.graft.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.graft.common.Storage;
import org.graft.job.Launch;
import org.graft.job.TinyJob;
import org.graft.spark.HadoopStorage;
import org.graft.testing.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures, workspace and predictions in an object store: the head is that of the local disk. */
class S3PipelineIT {
  @TempDir Path folder;

  @Test
  void theJobRunsOnAnObjectStore() throws IOException {
    TinyJob job = TinyJob.in(folder, 5);
    Pictures.write(job.pictures(), 2, 20, 5);
    String local = job.run().well().head();
    try (S3Server server = S3Server.start()) {
      Storage storage = new HadoopStorage(server.configure(new Configuration()));
      upload(job.pictures(), storage, server.path("pictures"));
      TinyJob remote = job.on(new Launch("local[2]", server.sparkSettings(), null));
      String workspace = "workspace=" + server.path("workspace");
      String source = "source.path=" + server.path("pictures");
      Launch.Ended first = remote.run(workspace, source).well();
      assertEquals(local, first.head());
      Launch.Ended again = remote.run(workspace, source).well();
      assertEquals(0, again.count("extracted"));
      assertEquals(first.path("bundle"), again.path("bundle"));
      Launch.Ended scored =
          remote
              .score(
                  "bundle=" + server.path("workspace/models/tiny"),
                  source,
                  "output=" + server.path("predictions"))
              .well();
      assertEquals(40, scored.count("scored"));
    }
  }

  private static void upload(Path from, Storage storage, String to) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(from)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      storage.write(to + "/" + from.relativize(file), Files.readAllBytes(file));
    }
  }
}
