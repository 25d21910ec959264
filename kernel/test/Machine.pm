# Boots the kernel for a test. Whether a run succeeded is known by exit status and events, never by the console's text.
package Machine;
use strict;
use warnings;
use Exporter qw(import);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
our @EXPORT_OK = qw($build boot check events ran_nothing slurp);

our $build = $ENV{BUILD} // 'build';
my $folder = tempdir(CLEANUP => 1);
my $runs = 0;

sub slurp {
        my ($path) = @_;
        open my $file, '<', $path or return '';
        local $/;
        return scalar(<$file>) // '';
}

# Runs a command without a shell; yields its exit status and everything it said.
sub run {
        my (@command) = @_;
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDIN, '<', '/dev/null';
                open STDOUT, '>', "$folder/said";
                open STDERR, '>&', \*STDOUT;
                exec @command or exit 127;
        }
        waitpid $pid, 0;
        return { status => $? & 127 ? 'signal ' . ($? & 127) : $? >> 8, said => slurp("$folder/said") };
}

# boot($machine, $command_line[, $kernel[, @options]]): records a run, with more options of `regiontrace record` if
# wanted. Yields status, said, and the paths of recording and console.
sub boot {
        my ($machine, $command_line, $kernel, @options) = @_;
        my $name = "$folder/" . ++$runs;
        my @command = ("$build/regiontrace", 'record', '--machine', $machine, '--append', $command_line,
                '--kernel', $kernel // "$build/kernel/understory.elf", '--initrd', "$build/initrd.cpio", @options);
        my $run = run(@command, '--console', "$name.console", '-o', "$name.rtrace");

        my $quoted = join ' ', map { m{[^\w./,=:-]} || $_ eq '' ? "'$_'" : $_ } @command;
        $run->{said} .= "to run it again: $quoted\n" if $run->{status};
        return { %$run, recording => "$name.rtrace", console => "$name.console" };
}

sub check {
        my ($recording) = @_;
        return run("$build/regiontrace", 'check', $recording);
}

# The events of one type, or of any type in one category, as `regiontrace dump` prints them: a line each.
sub events {
        my ($recording, $type, $category) = @_;
        my @which = $type ? ('--event', $type) : ('--category', $category);
        return split /^/, run("$build/regiontrace", 'dump', @which, $recording)->{said};
}

# Whether a recording is of a run that came to its end and in which no program, script or test case began: what was
# asked for does not exist. $regiontrace is the command to ask.
sub ran_nothing {
        my ($regiontrace, $recording) = @_;
        open my $said, '-|', $regiontrace, 'info', '--json', $recording or return 0;
        my $text = do { local $/; <$said> };
        close $said;
        my $info = eval { decode_json($text) } or return 0;
        my $count = $info->{events_by_type};
        return $info->{end} && !grep({ $count->{$_} } qw(panicked case_begin script_begin))
                && !grep({ $_->{process} } @{ $info->{tasks} });
}

1;
