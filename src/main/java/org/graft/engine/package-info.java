/** What the engines share: heavy libraries are below, Spark is nowhere. */
package org.graft.engine;
