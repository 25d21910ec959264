#!/usr/bin/env perl
# A host that reads the trace line late, or never: the kernel goes on, and what is lost is counted.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NONBLOCK);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use POSIX qw(mkfifo);
use Test::More;
use lib dirname(__FILE__) . '/..';
use Machine qw($build check slurp);

my $folder = tempdir(CLEANUP => 1);

# The command with which `record` boots a machine, but with its trace in a FIFO of ours, and without a monitor.
sub command {
        my ($fifo, @options) = @_;
        my $files = "-o $folder/command.rtrace --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio";
        my $said = qx($build/regiontrace record -v --no-icount $files @options 2>&1);
        my ($line) = $said =~ /^(qemu-system-x86_64 .*)$/m or die "no command: $said\n";
        return $line =~ s{ -monitor \S+}{}r =~ s{path=\S+?/trace\b}{path=$fifo}gr;
}

# Starts the machine; yields its process, the FIFO, open, and the path of its console.
sub start {
        my ($append) = @_;
        my $fifo = "$folder/fifo";
        my $line = command($fifo, '--append', "'$append'");
        my $console = "$folder/console";
        unlink $fifo, $console;
        mkfifo($fifo, 0600) or die "$fifo: $!\n";
        sysopen my $in, $fifo, O_RDWR | O_NONBLOCK or die "$fifo: $!\n";
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', $console;
                open STDERR, '>&', \*STDOUT;
                exec "exec $line" or exit 127;
        }
        return ($pid, $in, $console);
}

# What lies in the FIFO now.
sub take {
        my ($in) = @_;
        my $bytes = '';
        while (sysread $in, my $chunk, 65536) {
                $bytes .= $chunk;
        }
        return $bytes;
}

# It waits for a reader on each line in turn, then for none.
my ($pid, $in, $console) = start('exec=churn');
waitpid $pid, 0;
is $? >> 8, 33, 'nobody reads: the machine ends by itself, and the program has done its work';
like slurp($console), qr/the virtio serial port does not work any more.*nothing takes what the trace line sends/s,
        'the console says which line was given up, and then the other';
like slurp($console), qr/churn: exit status 0/, 'the program ran to its end';

# In discard mode nobody waits. The reader begins when the program has ended: the kernel waits for it only with the end.
($pid, $in, $console) = start('run=node.ops exec=churn trace-mode=discard');
my $bytes = '';
while (waitpid($pid, POSIX::WNOHANG()) == 0) {
        $bytes .= take($in) if slurp($console) =~ /churn: exit status 0/;
        select undef, undef, undef, 0.01;
}
my $status = $? >> 8;
$bytes .= take($in);
is $status, 33, 'discard: the run succeeds though nobody read until the end';
unlike slurp($console), qr/trace: /, 'discard: no line was given up';
open my $out, '>', "$folder/discard.rtrace" or die;
print $out $bytes;
close $out;
my $info = qx($build/regiontrace info $folder/discard.rtrace);
my $end = qx($build/regiontrace dump --event end $folder/discard.rtrace);
like $end, qr/events=\d+ dropped=[1-9]\d* verdict=passed/, 'discard: the end says how many events were dropped';
my ($dropped) = $end =~ /dropped=(\d+)/;
my $lost = check("$folder/discard.rtrace")->{said};
(my $plain = $lost . $info) =~ s/,//g;
like $plain, qr/\b$dropped\b/, 'discard: a reader misses exactly as many';
like $lost, qr/\b[2-9]\d* keyframes\b/, 'discard: keyframes have waited for room';
unlike $lost, qr/violat/, 'discard: what is unknown is not called wrong' or diag $lost;
done_testing;
