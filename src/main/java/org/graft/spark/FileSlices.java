package org.graft.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.graft.spark.SourceListing.File;
import scala.Tuple2;

/** The files of a folder as rows, in tasks that have about the same to read. */
final class FileSlices {
  /** What opening a file costs, in bytes that could be read meanwhile. */
  private static final long OPEN_COST = 64 << 10;

  private static final int MOST_FILES = 4096;
  private static final int SLICES_A_CORE = 4;

  private FileSlices() {}

  static Dataset<Row> rows(Session session, List<File> files) {
    int slices = slices(files.size(), session.spark().sparkContext().defaultParallelism());
    List<Tuple2<String[], long[]>> shipped = new ArrayList<>();
    for (List<File> slice : cut(files, slices)) {
      shipped.add(
          new Tuple2<>(
              slice.stream()
                  .flatMap(f -> List.of(f.path(), f.label()).stream())
                  .toArray(String[]::new),
              slice.stream().mapToLong(File::length).toArray()));
    }
    return session
        .spark()
        .createDataFrame(
            session
                .context()
                .parallelize(shipped, Math.max(1, shipped.size()))
                .flatMap(FileSlices::rows),
            SourceRow.SCHEMA);
  }

  static int slices(int files, int cores) {
    int few = Math.min(files, cores * SLICES_A_CORE);
    return Math.max(1, Math.max(few, files / MOST_FILES));
  }

  private static Iterator<Row> rows(Tuple2<String[], long[]> slice) {
    return IntStream.range(0, slice._2().length)
        .mapToObj(i -> SourceRow.file(slice._1()[2 * i], slice._1()[2 * i + 1], slice._2()[i]))
        .iterator();
  }

  /** At most {@code slices} runs of neighbours; each ends where its share of the bytes does. */
  static List<List<File>> cut(List<File> files, int slices) {
    double total = files.stream().mapToDouble(FileSlices::cost).sum();
    List<List<File>> cut = new ArrayList<>();
    double passed = 0;
    int begin = 0;
    for (int i = 0; i < files.size(); i++) {
      passed += cost(files.get(i));
      if (i == files.size() - 1 || passed >= total * (cut.size() + 1) / slices) {
        cut.add(files.subList(begin, i + 1));
        begin = i + 1;
      }
    }
    return cut;
  }

  private static double cost(File file) {
    return OPEN_COST + (double) file.length();
  }
}
