#!/usr/bin/env perl
# A recording with a part cut out: nothing is called wrong that is only unknown, and a keyframe soon ends what is
# unknown.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Machine qw(boot check slurp);

my $folder = tempdir(CLEANUP => 1);
my $run = boot('pc', 'exec=stress:100 seed=3', undef, '--cpus', 4);
is $run->{status}, 0, 'the run succeeds' or diag $run->{said};
my $whole = slurp($run->{recording});
like check($run->{recording})->{said}, qr/passed: .* ([4-9]|\d\d) keyframes/, 'keyframes were sent while it ran';

my $remarks = qr/missing|not decodable|bad checksum|left out|thrown away|^check: /;
my $most = 60_000;              # events from the loss to the keyframe, besides those missing
srand 7;
for my $cut (1 .. 12) {
        my $from = int length($whole) * (0.05 + rand 0.5);
        my $size = int length($whole) * (0.002 + rand 0.06);
        open my $out, '>:raw', "$folder/cut.rtrace" or die "$!\n";
        print $out substr($whole, 0, $from), substr($whole, $from + $size);
        close $out;

        my $said = check("$folder/cut.rtrace")->{said};
        my @wrong = grep { $_ !~ $remarks } split /\n/, $said;
        is "@wrong", '', "$size bytes missing at $from: nothing is called wrong";
        (my $plain = $said) =~ s/(?<=\d),(?=\d)//g;
        my ($at, $missing, $until) = $plain =~
                /event (\d+): (\d+) events missing; unknown from there until the keyframe at event (\d+)/;
        ok $until && $until - $at - $missing < $most, 'a keyframe soon follows' or diag $said;
}
done_testing;
