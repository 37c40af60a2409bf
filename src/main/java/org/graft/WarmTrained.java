package org.graft;

import org.graft.bundle.Lineage;
import org.graft.spark.Trainer.Trained;

/** A head, and what its training began with. */
public record WarmTrained(Trained trained, Lineage lineage) {}
