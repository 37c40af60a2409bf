package org.graft.job;

import org.graft.evaluate.Evaluation;
import org.graft.evaluate.Profile;

/**
 * A head, and how good it is.
 *
 * @param evaluation null where none was asked for; then so is the profile
 */
record EvaluatedModel(Model model, Evaluation evaluation, Profile profile) {}
