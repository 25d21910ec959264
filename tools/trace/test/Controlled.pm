# Runs under control: `regiontrace record --control` is started, controlled and waited for, and its recording is read.
package Controlled;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use Time::HiRes qw(sleep time);
use lib dirname(__FILE__);
use Controller;
our @EXPORT_OK = qw($build $folder check connect_to ctl events_of finish record said slurp start total_of);

our $build = $ENV{BUILD} // 'build';
our $folder = tempdir(CLEANUP => 1);
my $runs = 0;

sub slurp {
        my ($path) = @_;
        open my $file, '<', $path or return '';
        local $/;
        return scalar(<$file>) // '';
}

# Starts a recorder; yields what is needed to control it.
sub start {
        my ($append, @options) = @_;
        my $name = "$folder/" . ++$runs;
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', "$name.said";
                open STDERR, '>&', \*STDOUT;
                exec "$build/regiontrace", 'record', '--control', $name, '--kernel', "$build/kernel/understory.elf",
                        '--initrd', "$build/initrd.cpio", '--append', $append, '-o', "$name.rtrace", @options
                        or exit 127;
        }
        return { pid => $pid, folder => $name, recording => "$name.rtrace" };
}

# Waits for a recorder's end; yields its exit status.
sub finish {
        my ($run) = @_;
        waitpid $run->{pid}, 0;
        return $? >> 8;
}

# What a recorder has said.
sub said {
        my ($run) = @_;
        return slurp("$run->{folder}.said");
}

# Records a run without control; yields the recording's path.
sub record {
        my ($append, @options) = @_;
        my $path = "$folder/" . ++$runs . '.rtrace';
        system("$build/regiontrace record --kernel $build/kernel/understory.elf --initrd $build/initrd.cpio "
                . "--append '$append' -o $path @options > $path.said 2>&1");
        return $path;
}

# The second controller, connected to a run. The first frame names the recording.
sub connect_to {
        my ($run) = @_;
        my ($socket, $until) = (undef, time + 20);
        until ($socket = IO::Socket::UNIX->new(Peer => "$run->{folder}/control")) {
                die "no recorder: " . said($run) if time > $until;
                sleep 0.02;
        }
        $socket->blocking(0);
        return Controller->new($socket, $socket);
}

# Runs `regiontrace ctl` on a run: its exit status, and what it says.
sub ctl {
        my ($run, @words) = @_;
        my @options = grep { /^-/ } @words;
        my $said = qx($build/regiontrace ctl @options '$run->{folder}' @{[ grep { !/^-/ } @words ]} 2>&1);
        return { status => $? >> 8, said => $said };
}

# The events of each cpu, without their times.
sub events_of {
        my ($recording) = @_;
        my %events;
        for (qx($build/regiontrace dump --json '$recording')) {
                my ($cpu) = /"cpu":(\d+)/;
                s/"ticks":\d+,|"event":\d+,//g;
                push @{$events{$cpu}}, $_;
        }
        return \%events;
}

# How many events all processors have emitted, when all stand.
sub total_of {
        my ($stand) = @_;
        my $sum = 0;
        $sum += $_->{number} for @{ $stand->{cpus} };
        return $sum;
}

sub check {
        my ($recording) = @_;
        my $said = qx($build/regiontrace check '$recording' 2>&1);
        return $? ? $said : 'passed';
}

1;
