# Runs `regiontrace', built under sanitizers, for a test.
package Regiontrace;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
our @EXPORT_OK = qw($build $folder regiontrace record_script slurp spew);

our $build = $ENV{BUILD} // 'build';
our $folder = tempdir(CLEANUP => 1);
-x "$build/test/regiontrace" or die "$build/test/regiontrace is not built: make testable\n";

sub slurp {
        my ($path) = @_;
        open my $file, '<:raw', $path or return '';
        local $/;
        return scalar(<$file>) // '';
}

sub spew {
        my ($path, $content) = @_;
        open my $file, '>:raw', $path or die "$path: $!\n";
        print $file $content;
        close $file or die "$path: $!\n";
}

# regiontrace(ARGUMENTS...): the exit status, and what was printed. With { input => TEXT } first, that is its input.
sub regiontrace {
        my $options = ref $_[0] ? shift : {};
        my @arguments = @_;
        spew("$folder/stdin", $options->{input} // '');
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
                open STDIN, '<:raw', "$folder/stdin";
                open STDOUT, '>', $options->{stdout} // "$folder/stdout";
                open STDERR, '>', "$folder/stderr";
                exec "$build/test/regiontrace", @arguments or exit 127;
        }
        waitpid $pid, 0;
        return { status => $? & 127 ? 'signal ' . ($? & 127) : $? >> 8,
                 map { $_ => slurp("$folder/$_") } qw(stdout stderr) };
}

# A recording of the teaching script, made without a machine.
sub record_script {
        my $script = dirname(__FILE__) . '/../../../kernel/user/workloads/teaching.ops';
        my $path = "$folder/teaching.rtrace";
        system("$build/host/run_script '$script' -o '$path' > /dev/null") == 0 or die "$script cannot be run\n";
        return $path;
}

1;
