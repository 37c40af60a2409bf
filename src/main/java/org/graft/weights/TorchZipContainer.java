package org.graft.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The format of torch 1.6 and later: a zip file with {@code data.pkl} and a stored entry {@code
 * data/KEY} a storage, all below one folder.
 */
record TorchZipContainer(TensorFile file, StoredZip zip, String folder, Object root)
    implements TorchContainer {
  private static final String PICKLE = "/data.pkl";

  static TorchZipContainer read(TensorFile file) throws IOException {
    StoredZip zip = StoredZip.read(file);
    String folder =
        folder(zip)
            .orElseThrow(
                () ->
                    file.unsupported(
                        "it is a zip file without data.pkl",
                        "Give a file written by torch.save(model.state_dict(), FILE)."));
    checkByteOrder(file, zip, folder);
    StoredZip.Slice pickle = zip.slice(folder + PICKLE);
    if (pickle.length() > LONGEST_PICKLE) {
      throw file.damaged("its pickle has %d bytes (limit: %d)", pickle.length(), LONGEST_PICKLE);
    }
    PickleInput in = new PickleInput(file, pickle.offset(), pickle.length());
    return new TorchZipContainer(
        file, zip, folder, Unpickler.read(file, in, new TorchGlobals(file)));
  }

  /** The one folder at the top of the archive that has a pickle; torch names it after the file. */
  static Optional<String> folder(StoredZip zip) {
    return zip.names().stream()
        .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - 9)
        .map(name -> name.substring(0, name.length() - PICKLE.length()))
        .findFirst();
  }

  private static void checkByteOrder(TensorFile file, StoredZip zip, String folder)
      throws IOException {
    String entry = folder + "/byteorder";
    if (!zip.names().contains(entry)) {
      return;
    }
    StoredZip.Slice slice = zip.slice(entry);
    byte[] order = file.bytes(slice.offset(), (int) Math.min(slice.length(), 16)).array();
    if (!new String(order, StandardCharsets.US_ASCII).equals("little")) {
      throw file.unsupported(
          "its byte order is not little-endian", "Write it on a little-endian machine.");
    }
  }

  @Override
  public long locate(TorchTensor.Storage storage) throws IOException {
    String entry = folder + "/data/" + storage.key();
    if (!zip.names().contains(entry)) {
      throw file.damaged("its storage '%s' is missing", entry);
    }
    StoredZip.Slice slice = zip.slice(entry);
    long room = slice.length() / storage.type().bytes();
    if (storage.length() < 0 || storage.length() > room) {
      throw file.damaged("its storage '%s' has %d elements, not %d", entry, room, storage.length());
    }
    return slice.offset();
  }
}
