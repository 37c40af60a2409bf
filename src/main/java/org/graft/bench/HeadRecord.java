package org.graft.bench;

/**
 * What one trainer took for one head.
 *
 * @param trainer graft, dl4j-stock, single-process, exact, optimum, mllib
 * @param variant how the trainer is set up; empty where there is one way only
 * @param head linear, mlp
 * @param rows trained on
 * @param workers logical workers, tasks at a time
 * @param executors processes; 1 in local mode
 * @param rounds of an epoch
 * @param epochs that were run whole
 * @param secondsPerRound of wall time, as are all seconds that are not CPU seconds
 * @param cpuSecondsPerEpoch of all processes
 * @param seconds in all, with preparation
 * @param loss mean cross entropy of the last head on rows of the test
 * @param examplesSeen rows fitted in one epoch, counted where they were fitted; where no epoch was
 *     run whole, in all rounds that were run
 * @param extrapolated whether seconds an epoch come from a part of one
 * @param secondsTo99PercentOfOptimum to the end of the first epoch after which accuracy was 99 % of
 *     the best linear head's; null where it was not reached or no such head was trained
 */
public record HeadRecord(
    String trainer,
    String variant,
    String head,
    long rows,
    int width,
    int classes,
    int workers,
    int executors,
    int rounds,
    int epochs,
    double secondsPerRound,
    double secondsPerEpoch,
    double cpuSecondsPerEpoch,
    double seconds,
    double cpuSeconds,
    double loss,
    double accuracy,
    long examplesSeen,
    boolean extrapolated,
    Double secondsTo99PercentOfOptimum) {}
