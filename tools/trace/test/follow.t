#!/usr/bin/env perl
# regiontrace follow: prints the events of a recording that grows, as they arrive.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use Time::HiRes qw(sleep time);
use lib dirname(__FILE__);
use Regiontrace qw($build $folder regiontrace record_script slurp spew);

my $whole = record_script();
my $bytes = slurp($whole);
my $expected = regiontrace('dump', $whole)->{stdout};

# Starts `regiontrace follow'; its output goes to a file.
sub follow {
        my (@arguments) = @_;
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDOUT, '>', "$folder/followed";
                open STDERR, '>', "$folder/followed.err";
                exec "$build/test/regiontrace", 'follow', @arguments or exit 127;
        }
        return $pid;
}

sub wait_until {
        my ($condition) = @_;
        my $end = time + 20;
        sleep 0.05 while !$condition->() && time < $end;
        return $condition->();
}

# --- a file that does not exist yet, and then grows

my $growing = "$folder/growing.rtrace";
my $pid = follow($growing);
sleep 0.2;
open my $file, '>:raw', $growing or die;
$file->autoflush(1);
my $half = int(length($bytes) * 0.8);
print $file substr $bytes, 0, $half;
ok wait_until(sub { length slurp("$folder/followed") > 1000 }), 'the first events are printed before the others arrive';
is substr($expected, 0, length slurp("$folder/followed")), slurp("$folder/followed"), 'and are the first ones';
print $file substr $bytes, $half, 100;
sleep 0.2;
print $file substr $bytes, $half + 100;
waitpid $pid, 0;
is $? >> 8, 0, 'the end of the run ends it';
is slurp("$folder/followed"), $expected, 'all events were printed, as dump prints them';
is slurp("$folder/followed.err"), '', 'and nothing is said of frames that were not whole yet';

# --- pipes, filters

is regiontrace({ input => $bytes }, 'follow', '-')->{stdout}, $expected, 'standard input';
my $spaces = regiontrace('follow', '--category', 'space', '--json', $whole);
is $spaces->{stdout}, regiontrace('dump', '--category', 'space', '--json', $whole)->{stdout}, '--category and --json';
is regiontrace('follow', '--event', 'tree_begin', $whole)->{stdout},
        regiontrace('dump', '--event', 'tree_begin', $whole)->{stdout}, '--event';

# --- nothing arrives

spew($growing, substr $bytes, 0, $half);
my $run = regiontrace('follow', '--quiet', 1, $growing);
is $run->{status}, 1, '--quiet: nothing more arrives';
$run = regiontrace('follow', '--quiet', 2, "$folder/never.rtrace");
is $run->{status}, 2, 'no such file';
like $run->{stderr},
        qr/^regiontrace follow: .*never\.rtrace: No such file or directory; waiting for it \(Ctrl-C ends\)$/m,
        'after a second it says what it waits for';
is regiontrace('follow')->{status}, 2, 'a file is needed';
like regiontrace('follow', '--help')->{stdout}, qr/^usage: regiontrace follow/, '--help';
done_testing;
