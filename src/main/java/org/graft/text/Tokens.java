package org.graft.text;

/**
 * A text as a network's vocabulary has it.
 *
 * @param ids of the tokens, those that the network wants around a text among them
 * @param types which of two texts a token belongs to, 0 or 1
 * @param special whether a token is one of those around the text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Tokens(long[] ids, long[] types, boolean[] special) {}
