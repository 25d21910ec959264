#!/usr/bin/env perl
# Fork bombs and a process that takes all memory, alone and together: the kernel survives, the console and the trace
# name what was killed for lack of memory, and the recording is whole, also of a run that only its deadline ends. The
# machine has little memory, so that it is out long before the deadline, however busy the host is.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw(boot check events slurp);

my $by_deadline = qr/did not end within 3 seconds of its own time/;
for my $cpus (1, 2, 4) {
        for (['bomb', $by_deadline], ['bomb:both', $by_deadline],
             ['bomb:hog', qr/the kernel's own verdict is failed/]) {
                my ($words, $said) = @$_;
                my $run = boot('pc', "exec=$words", undef, '--cpus', $cpus, '--deadline', 3, '--memory', '28M');
                my $what = "$words on $cpus processors";
                my $console = slurp($run->{console});

                like $run->{said}, $said, "$what: the recorder says how it ended";
                my $verdict = $words eq 'bomb:hog' ? 'failed' : 'timed_out';
                my @end = events($run->{recording}, 'end');
                is scalar(@end), 1, "$what: the recording has an end";
                like $end[0], qr/ verdict=$verdict/, "$what: with the verdict $verdict";
                my @findings = check($run->{recording})->{said} =~ /^\S+: event .*$/mg;
                @findings = grep { !/the run's own verdict is/ } @findings;
                is_deeply \@findings, [], "$what: check finds no other fault";

                my @killed = map { /process=(\d+)/ } events($run->{recording}, 'memory_out');
                cmp_ok scalar(@killed), '>', 0,
                        "$what: processes were killed for lack of memory" if $words eq 'bomb:both';
                like $console, qr/^No memory is free: bomb \(process $_\) is ended/m,
                        "$what: the console names process $_" for @killed;
        }
}
done_testing;
