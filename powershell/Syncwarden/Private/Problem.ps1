# What to do, where what the app says is about its own interface.
$script:remedies = @{
    'auth.required'           = 'Connect-Syncwarden again: the token is missing, has ended, or is for another application.'
    'auth.forbidden'          = 'Ask an administrator for the app role, and connect again.'
    'plan.stale'              = 'Make a new plan with New-SyncwardenRepairPlan, look at its changes, and apply that one.'
    'plan.tooLarge'           = 'Repair by hand, or raise REMEDIATION_MAX_CHANGES of the app.'
    'remediation.disabled'    = 'Set REMEDIATION_CLIENT_ID of the app.'
    'remediation.busy'        = 'Try again in a minute.'
    'remediation.interrupted' = 'Make a new plan with New-SyncwardenRepairPlan.'
    'undo.changed'            = 'Put it back by hand: Get-SyncwardenRepair has every value from before.'
    'notFound'                = 'Get-SyncwardenTarget lists the targets.'
    'unavailable'             = 'Try again later.'
    'redirected'              = 'Check the address of the app, and that its sign-in lets programs through with a token.'
}

# Text from a tenant cannot command a terminal: white space is a blank, and what has no shape or moves others is a sign.
function ConvertTo-Printable {
    param([string] $Text)
    $Text -replace '[\t\n\r]+', ' ' -replace '[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]', [string][char]0xFFFD
}

# Ends a function with an error that scripts can tell by its id.
function Stop-Cmdlet {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It throws.')]
    param(
        $Cmdlet,
        [string] $Id,
        [string] $Message,
        [System.Management.Automation.ErrorCategory] $Category = 'InvalidArgument',
        $Target
    )
    $Cmdlet.ThrowTerminatingError((New-Record $Id $Message $Category $Target))
}

function New-Record {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object.')]
    param([string] $Id, [string] $Message, [System.Management.Automation.ErrorCategory] $Category, $Target)
    $text = ConvertTo-Printable $Message
    $remedy = $script:remedies[$Id]
    $record = [System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new($text), $Id, $Category, $Target)
    $record.ErrorDetails = [System.Management.Automation.ErrorDetails]::new($(if ($remedy) { "$text $remedy" } else { $text }))
    if ($remedy) { $record.ErrorDetails.RecommendedAction = $remedy }
    $record
}

# An answer that is a problem (RFC 9457), or no answer of the app at all, as an error. The problem is its TargetObject.
function New-ProblemRecord {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object.')]
    param([System.Net.Http.HttpResponseMessage] $Answer, [hashtable] $Request)
    $status = [int]$Answer.StatusCode
    $category = Get-ProblemCategory $status
    if ($status -ge 300 -and $status -lt 400) {
        return New-Record 'redirected' "The app answered $status, with another address. It is not followed." $category
    }
    $problem = $null
    if ($Answer.Content.Headers.ContentType.MediaType -eq 'application/problem+json') {
        $problem = Wait-Task $Answer.Content.ReadAsStringAsync() | ConvertFrom-Json -Depth 100
    }
    if ($null -eq $problem -or -not $problem.PSObject.Properties['code']) {
        return New-Record "http.$status" "$($Request.Method) $($Request.Address) was answered with $status, and without saying why." $category
    }
    # What is wrong with fields stands in the detail, too, where there is little of it.
    $errors = if ($problem.PSObject.Properties['errors']) { $problem.errors } else { @() }
    $further = $errors | Where-Object { -not $problem.detail.Contains($_.message) } | ForEach-Object { "$($_.path): $($_.message)" }
    New-Record $problem.code (@($problem.detail) + @($further) -join '; ') $category $problem
}

function Get-ProblemCategory {
    param([int] $Status)
    switch ($Status) {
        { $_ -in 400, 413, 422 } { return 'InvalidArgument' }
        401 { return 'AuthenticationError' }
        403 { return 'PermissionDenied' }
        404 { return 'ObjectNotFound' }
        409 { return 'ResourceExists' }
        { $_ -in 429, 503 } { return 'ResourceUnavailable' }
        default { return 'InvalidResult' }
    }
}
