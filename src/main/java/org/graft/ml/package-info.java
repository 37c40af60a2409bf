/**
 * Graft for Spark ML's pipelines, for notebooks and for SQL: faces of the steps, which compute
 * nothing themselves.
 */
package org.graft.ml;
